"""What each kind of client makes of a server, and where that cannot be told."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from explorer.tls.client_verdicts import CLIENT_NAMES, CLIENTS, judge_clients
from explorer.tls.diagnose import diagnose
from explorer.tls.faults.mint import CertificateSpec
from explorer.tls.faults.recipe import Fault, Served, Terms, Workshop, show
from flows.diagnosis import Cause, Evidence

Look = Callable[..., Awaitable[Evidence]]


def verdicts(evidence: Evidence) -> dict[str, str]:
    return {c.client: c.verdict for c in diagnose(evidence).clients}


def test_every_client_has_a_name_for_people() -> None:
    assert tuple(CLIENT_NAMES) == CLIENTS


async def test_a_missing_intermediate_breaks_all_but_the_clients_that_fetch_it(look: Look) -> None:
    told = verdicts(await look("incomplete-chain-aia"))
    assert set(told) == set(CLIENTS)
    assert told["chromium"] == "accepts"
    assert {told[c] for c in ("firefox", "openssl", "android-7", "android-14", "java")} == {"refuses"}


async def test_what_a_device_s_store_holds_is_never_called_ok(look: Look) -> None:
    told = {c.client: c.verdict for c in diagnose(await look("healthy")).clients}
    assert {v for c, v in told.items() if c.startswith(("android", "ios", "java"))} == {"not-observable"}


async def test_android_before_10_cannot_speak_to_a_server_of_tls_1_3_only(look: Look) -> None:
    told = {c.client: c.verdict for c in diagnose(await look("healthy-tls13")).clients}
    assert (told["android-9"], told["android-14"]) == ("refuses", "not-observable")


async def test_suites_that_only_browsers_gave_up_still_work_elsewhere(look: Look) -> None:
    old = Terms(maximum=ssl.TLSVersion.TLSv1_2, ciphers="ECDHE-ECDSA-AES256-SHA384")
    diagnosis = diagnose(await look(Fault("cbc", None, "", terms=old)))
    assert diagnosis.causes == (Cause.WEAK_CIPHER,)
    told = {c.client: c.verdict for c in diagnosis.clients}
    assert (told["chromium"], told["openssl"]) == ("refuses", "accepts")


async def test_firefox_knows_the_intermediates_of_public_authorities_and_not_ours(look: Look) -> None:
    evidence = await look("incomplete-chain-aia")
    assert verdicts(evidence)["firefox"] == "refuses"
    public = evidence.facts.copy()
    del public["completed-private"]
    assert verdicts(replace(evidence, facts=public))["firefox"] == "not-observable"


async def test_the_common_name_counts_only_where_it_is_the_one_that_was_asked_for(look: Look) -> None:
    def mint(shop: Workshop) -> Served:
        return show(shop.authority.leaf(shop.names, CertificateSpec(san=False, common_name="elsewhere.test")))

    told = verdicts(await look("invalid-certificate-no-san"))
    assert (told["openssl"], told["android-9"]) == ("accepts", "refuses")
    told = verdicts(await look(Fault("other-cn", None, "", mint)))
    assert {told[c] for c in ("openssl", "java", "android-7")} == {"refuses"}


@pytest.mark.parametrize(
    ("fault", "expected"), [("weak-protocol", "not-observable"), ("weak-protocol-ssl3", "refuses")]
)
async def test_android_still_speaks_tls_1_0_if_the_app_lets_it_and_never_ssl_3(
    fault: str, expected: str, look: Look
) -> None:
    told = verdicts(await look(fault))
    assert {told[c] for c in ("android-9", "android-14")} == {expected}
    assert told["ios"] == "refuses"


async def test_java_refuses_sha_1_under_its_own_roots_only(look: Look) -> None:
    evidence = await look("weak-signature")
    assert verdicts(evidence)["java"] == "not-observable"
    public = evidence.facts.copy()
    del public["anchor-private"]
    assert verdicts(replace(evidence, facts=public))["java"] == "refuses"
    assert verdicts(await look("weak-signature-md5"))["java"] == "refuses"


async def test_apple_counts_825_days_for_certificates_that_were_issued_since_it_said_so(look: Look) -> None:
    def mint(shop: Workshop) -> Served:
        return show(shop.authority.leaf(shop.names, CertificateSpec(days=(-10, 900))))

    evidence = await look(Fault("long-lived", None, "", mint))
    assert verdicts(evidence)["ios"] == "refuses"
    leaf = evidence.chain[0]
    old = replace(leaf, not_before=leaf.not_before.replace(year=2018))
    assert verdicts(replace(evidence, chain=(old, *evidence.chain[1:])))["ios"] == "not-observable"


async def test_a_private_root_on_android_is_a_matter_of_the_app_s_config(look: Look) -> None:
    said = {c.client: c.why for c in diagnose(await look("healthy")).clients}
    assert "network security config" in said["android-14"]
    assert "network security config" not in said["ios"]


def test_nobody_judges_a_host_that_was_not_reached(unreached: Evidence) -> None:
    assert judge_clients(unreached, ()) == ()
    assert judge_clients(unreached, (Cause.EXPIRED,)) == ()
