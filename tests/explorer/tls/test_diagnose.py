"""What a client saw set against what the probe saw: who decides, and what is honestly not known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from explorer.tls.advice import SERVERS, remedies, server_kind
from explorer.tls.causes import RULES
from explorer.tls.clients import ONLY_CLIENTS
from explorer.tls.diagnose import applying, diagnose
from explorer.tls.faults.known import fault_named
from explorer.tls.faults.mint import CertificateSpec
from explorer.tls.faults.recipe import Fault, Served, Terms, Workshop, show
from explorer.tls.lifetime import BlastRadius, days_left, expiring, first_to_end, lifetime_left
from explorer.tls.probe import probe
from flows.diagnosis import Cause, Evidence
from flows.incident import Severity
from flows.probe_facts import ProbeFacts
from flows.signals import Family, Signal

Look = Callable[..., Awaitable[Evidence]]
AUTHORITY_INVALID = (Cause.UNTRUSTED_CA, Cause.SELF_SIGNED, Cause.INCOMPLETE_CHAIN, Cause.INTERCEPTION)
DATE_INVALID = (Cause.EXPIRED, Cause.NOT_YET_VALID, Cause.CLOCK_SKEW)

ADVICE = {**ONLY_CLIENTS, **{rule.cause: rule.advice for rule in RULES}}


def saw(error: str, *causes: Cause, family: Family = Family.TLS) -> Signal:
    return Signal("1", 0.0, "s", family, "x", error, causes, "chat.desk.test", 443)


async def test_the_probe_says_why_where_the_client_s_words_allow_several_causes(look: Look) -> None:
    diagnosis = diagnose(await look("incomplete-chain"), [saw("net::ERR_CERT_AUTHORITY_INVALID", *AUTHORITY_INVALID)])
    assert diagnosis.causes == (Cause.INCOMPLETE_CHAIN,)
    assert diagnosis.decided_by == "both"
    assert diagnosis.client_saw == "net::ERR_CERT_AUTHORITY_INVALID"


async def test_a_client_without_the_private_root_does_not_hide_what_is_really_wrong(look: Look) -> None:
    diagnosis = diagnose(await look("expired"), [saw("net::ERR_CERT_AUTHORITY_INVALID", *AUTHORITY_INVALID)])
    assert diagnosis.causes == (Cause.EXPIRED,)
    assert diagnosis.decided_by == "probe"
    assert "ERR_CERT_AUTHORITY_INVALID" in diagnosis.why


async def test_a_trust_failure_that_the_probe_cannot_see_is_not_guessed(look: Look) -> None:
    diagnosis = diagnose(await look("healthy"), [saw("net::ERR_CERT_AUTHORITY_INVALID", *AUTHORITY_INVALID)])
    assert diagnosis.causes == (Cause.UNKNOWN_TLS,)
    assert diagnosis.decided_by == "client"
    for thought in ("does not trust that root", "replaces the certificate", "another machine"):
        assert thought in diagnosis.why


async def test_dates_that_are_fine_here_blame_the_client_s_clock(look: Look) -> None:
    diagnosis = diagnose(await look("healthy"), [saw("net::ERR_CERT_DATE_INVALID", *DATE_INVALID)])
    assert (diagnosis.causes, diagnosis.decided_by) == ((Cause.CLOCK_SKEW,), "client")


CLIENTS_OWN = {Cause.CLOCK_SKEW, Cause.INTERCEPTION, Cause.PIN_MISMATCH, Cause.CLEARTEXT_BLOCKED}


@pytest.mark.parametrize("cause", [c for c in Cause if c not in CLIENTS_OWN])
def test_what_a_server_can_mend_has_lines_for_every_kind_of_server(cause: Cause) -> None:
    lacking = set(SERVERS) - set(ADVICE[cause].lines)
    assert lacking == ({"load balancer"} if cause is Cause.MIXED_CONTENT else set())


def test_what_only_an_app_can_mend_has_lines_for_android() -> None:
    for cause in ONLY_CLIENTS:
        assert "WebView" in ADVICE[cause].client
    assert "pin-set" in ADVICE[Cause.PIN_MISMATCH].client["Android network security config"][1]


async def test_what_only_a_client_can_know_is_taken_from_the_client(look: Look) -> None:
    diagnosis = diagnose(await look("healthy"), [saw("Certificate pinning failure!", Cause.PIN_MISMATCH)])
    assert {r.where for r in diagnosis.remedies} >= {"OkHttp", "Android network security config"}
    assert (diagnosis.causes, diagnosis.decided_by) == ((Cause.PIN_MISMATCH,), "client")


async def test_a_reset_counts_only_with_proof_that_it_came_in_the_handshake(look: Look) -> None:
    reset = saw("net::ERR_CONNECTION_RESET", family=Family.NETWORK)
    assert diagnose(await look("connection-cut"), [reset]).causes == (Cause.CONNECTION_CUT,)
    assert diagnose(await look("healthy"), [reset]).causes == ()


async def test_a_host_that_cannot_be_reached_has_no_tls_cause_of_its_own(unused_tcp_port: int) -> None:
    evidence = await probe("chat.desk.test", unused_tcp_port, address="127.0.0.1", timeout=1)
    assert not evidence.tcp_connected
    assert evidence.error is not None
    assert str(unused_tcp_port) in evidence.error
    assert diagnose(evidence).causes == ()
    told = diagnose(evidence, [saw("net::ERR_CERT_AUTHORITY_INVALID", *AUTHORITY_INVALID)])
    assert (told.causes, told.decided_by) == (AUTHORITY_INVALID, "client")


async def test_all_causes_that_apply_are_listed_in_order_of_precedence(look: Look) -> None:
    def mint(shop: Workshop) -> Served:
        return show(shop.authority.leaf(["elsewhere.test"], CertificateSpec(days=(-90, -1), key="rsa-1024")))

    evidence = await look(Fault("many", None, "", mint, Terms(ciphers="DEFAULT:@SECLEVEL=0")))
    assert diagnose(evidence).causes == (Cause.EXPIRED, Cause.HOSTNAME_MISMATCH, Cause.WEAK_KEY)
    order = [rule.cause for rule in RULES]
    assert [r.cause for r, _ in applying(evidence)] == sorted(diagnose(evidence).causes, key=order.index)


async def test_an_old_protocol_does_not_hide_what_is_wrong_with_the_certificate(look: Look) -> None:
    """In TLS 1.2 and below the certificate comes in the clear, so that a server nobody can speak to is judged whole."""
    old = fault_named("weak-protocol")

    def mint(shop: Workshop) -> Served:
        return show(shop.authority.leaf(shop.names, CertificateSpec(days=(-90, -1), key="rsa")))

    evidence = await look(Fault("old", None, "", mint, old.terms))
    assert diagnose(evidence).causes == (Cause.WEAK_PROTOCOL, Cause.EXPIRED)


def test_every_cause_has_advice() -> None:
    assert set(ADVICE) == set(Cause)


@pytest.mark.parametrize("cause", ADVICE)
def test_every_cause_says_what_to_change_and_how_to_check_and_never_to_look_away(cause: Cause) -> None:
    told = remedies(cause, ADVICE[cause], "desk.test", 8443, None)
    assert told
    for remedy in told:
        text = f"{remedy.title}\n{remedy.text}\n{remedy.lines}\n{remedy.check}"
        assert remedy.title
        assert remedy.check
        assert "{" not in remedy.check.replace("%{", "")
        assert "{host}" not in text
        text = text.replace("upgrade-insecure-requests", "")
        for sin in (
            "verify=False",
            "insecure",
            " -k ",
            "rejectUnauthorized",
            "TrustAll",
            "NODE_TLS_REJECT",
            "verify none",
            "proceed()",
            "ALLOW_ALL",
            "ignore certificate",
            "disable verification",
            "verify_mode = ssl.CERT_NONE",
        ):
            assert sin not in text


@pytest.mark.parametrize("kind", SERVERS)
def test_a_server_that_says_what_it_is_gets_its_own_lines_only(kind: str) -> None:
    evidence = Evidence("desk.test", 443, None, None, datetime.now(tz=UTC), server_software=f"{SERVERS[kind][0]}/1.2")
    assert server_kind(evidence) == kind
    advice = next(r.advice for r in RULES if r.cause is Cause.EXPIRED)
    assert [r.where for r in remedies(Cause.EXPIRED, advice, "desk.test", 443, evidence)] == [kind]


async def test_a_certificate_is_expiring_when_less_than_a_third_of_its_life_is_left(look: Look) -> None:
    evidence = await look("healthy")
    leaf = evidence.chain[0]
    assert expiring(evidence, leaf.not_after - timedelta(days=31)) == ()
    (finding,) = expiring(evidence, leaf.not_after - timedelta(days=29), radius=BlastRadius(("start-chat",)))
    assert (finding.kind, finding.severity, finding.journeys) == ("expiring", Severity.MEDIUM, ("start-chat",))
    assert "start-chat" in finding.text
    assert expiring(evidence, leaf.not_after - timedelta(days=2))[0].severity is Severity.HIGH
    assert expiring(evidence, leaf.not_after - timedelta(days=29), days=14) == ()
    assert expiring(evidence, leaf.not_after - timedelta(days=13, hours=1), days=14) != ()
    assert expiring(evidence, leaf.not_after + timedelta(days=1)) == ()


def test_a_blast_radius_is_told_in_a_sentence() -> None:
    ends = datetime(2027, 1, 14, tzinfo=UTC)
    radius = BlastRadius(("upload-attachment", "download-attachment"), ("start-chat",))
    assert radius.sentence("files.example", ends) == (
        " If files.example expires on 2027-01-14, upload-attachment and download-attachment break; start-chat survives."
    )
    assert BlastRadius(("login",), third_party=True).sentence("x.example", ends).endswith("only they can renew it.")
    assert BlastRadius().sentence("x.example", ends) == ""


async def test_an_authority_s_own_certificate_is_soon_only_when_leaves_must_come_from_another(look: Look) -> None:
    """Issuers use theirs until late in its life: a third of five years would cry wolf for twenty months."""
    evidence = await look("healthy")
    issuer = evidence.chain[1]
    whole = issuer.not_after - issuer.not_before
    leaf = replace(evidence.chain[0], not_before=issuer.not_after - timedelta(days=400), not_after=issuer.not_after)

    def found(left: timedelta) -> list[str]:
        now = issuer.not_after - left
        fresh = replace(leaf, not_before=now - timedelta(days=1), not_after=now + timedelta(days=89))
        facts: ProbeFacts = {**evidence.facts, "path-certificates": f"{fresh.sha256},{issuer.sha256}"}
        return [f.text for f in expiring(replace(evidence, chain=(fresh, issuer), facts=facts), now)]

    assert found(whole / 4) == []
    (text,) = found(timedelta(days=29))
    assert "the authority's certificate" in text


async def test_the_first_to_end_may_be_an_intermediate(look: Look) -> None:
    evidence = await look("expired-intermediate")
    first = first_to_end(evidence)
    assert first is not None
    assert first == evidence.chain[1]
    assert days_left(first, evidence.observed_at) in (-4, -3)
    assert lifetime_left(first, evidence.observed_at) == 0


async def test_a_key_that_only_browsers_refuse_is_named(look: Look) -> None:
    words = saw("net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH", Cause.WEAK_PROTOCOL, Cause.WEAK_CIPHER)
    diagnosis = diagnose(await look("ed25519"), [words])
    assert diagnosis.causes == (Cause.UNKNOWN_TLS,)
    assert "Ed25519" in diagnosis.why


def shown_to_client(evidence: Evidence, issuer: str) -> Evidence:
    return replace(evidence, facts={**evidence.facts, "client-issuer": issuer, "client-certificate": "0" * 64})


async def test_another_issuer_at_the_client_than_here_is_interception(look: Look) -> None:
    words = [saw("net::ERR_CERT_AUTHORITY_INVALID", *AUTHORITY_INVALID)]
    diagnosis = diagnose(shown_to_client(await look("healthy"), "CN=Corporate Filter"), words)
    assert (diagnosis.causes, diagnosis.decided_by) == ((Cause.INTERCEPTION,), "both")
    assert "Corporate Filter" in diagnosis.why


async def test_a_known_middlebox_at_the_client_is_interception_whatever_the_server_does(look: Look) -> None:
    words = [saw("net::ERR_CERT_AUTHORITY_INVALID", *AUTHORITY_INVALID)]
    evidence = shown_to_client(await look("expired"), "CN=Zscaler Root CA,O=Zscaler Inc.")
    assert diagnose(evidence, words).causes == (Cause.INTERCEPTION, Cause.EXPIRED)


async def test_another_leaf_of_the_same_issuer_is_a_renewal_and_no_interception(look: Look) -> None:
    evidence = await look("healthy")
    words = [saw("net::ERR_CERT_AUTHORITY_INVALID", *AUTHORITY_INVALID)]
    assert diagnose(shown_to_client(evidence, evidence.chain[0].issuer), words).causes == (Cause.UNKNOWN_TLS,)


async def test_dates_of_another_certificate_than_ours_do_not_blame_the_clock(look: Look) -> None:
    words = [saw("net::ERR_CERT_DATE_INVALID", *DATE_INVALID)]
    assert diagnose(shown_to_client(await look("healthy"), "CN=Another CA"), words).causes == (Cause.UNKNOWN_TLS,)
