"""What a run says of hosts that broke no journey, and of certificates that will."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from explorer.run.findings import blast_radius, findings_of
from explorer.tls.chain import describe
from explorer.tls.faults.mint import Authority
from flows.diagnosis import Cause, ClientJudgement, Diagnosis, Evidence
from flows.incident import Severity
from flows.step import ActionKind, NamedHost
from tests.flows.builders import diagnosis, failing, opening, request, session, step

FILES = "files.desk.test"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def healthy(host: str, days_left: int) -> dict[tuple[str, int], Diagnosis]:
    authority = Authority.create(now=NOW)
    leaf = authority.leaf([host]).certificate
    facts = replace(
        describe(leaf), not_before=NOW - timedelta(days=90 - days_left), not_after=NOW + timedelta(days=days_left)
    )
    evidence = Evidence(host, 443, "127.0.0.1", host, NOW, True, True, chain=(facts,))
    return {(host, 443): Diagnosis(host, 443, (), "fine", "probe", evidence)}


def uploading() -> object:
    return session(
        [
            opening(),
            step(1, "upload-attachment", "submit", expects=True, success="listed"),
            step(2, kind=ActionKind.BACK),
        ],
        request("r", 10.2, FILES),
        request("later", 25, "cdn.desk.test"),
    )


def test_a_host_breaks_the_journeys_whose_own_requests_went_to_it() -> None:
    log = uploading()
    assert blast_radius([log], (FILES, 443)) == ("upload-attachment",)  # type: ignore[list-item]
    assert blast_radius([log], ("cdn.desk.test", 443)) == ()  # type: ignore[list-item]


def test_a_certificate_that_ends_soon_names_the_journeys_that_end_with_it() -> None:
    found = findings_of([uploading()], [], healthy(FILES, 20))  # type: ignore[list-item]
    (soon,) = [f for f in found if f.kind == "expiring"]
    assert soon.journeys == ("upload-attachment",)
    assert "2026-12-14" in soon.text


def test_soon_is_relative_to_the_lifetime_or_a_number_of_days() -> None:
    log = uploading()
    assert not [f for f in findings_of([log], [], healthy(FILES, 40)) if f.kind == "expiring"]  # type: ignore[list-item]
    assert [f for f in findings_of([log], [], healthy(FILES, 40), 45) if f.kind == "expiring"]  # type: ignore[list-item]


def test_a_failing_host_that_no_journey_needs_is_told_and_is_not_grave() -> None:
    log = session([opening(), step(1)], failing("r", 5, "analytics.desk.test", place="ping", background=True))
    (found,) = findings_of([log], [], diagnosis("analytics.desk.test", Cause.EXPIRED))
    assert (found.kind, found.severity, found.cause) == ("background-host", Severity.LOW, "expired")


def test_what_another_client_would_refuse_is_told_although_all_passed() -> None:
    told = healthy(FILES, 80)[FILES, 443]
    judged = replace(
        told, clients=(ClientJudgement("android-14", "refuses", (Cause.INCOMPLETE_CHAIN,), "no intermediate"),)
    )
    found = findings_of([uploading()], [], {(FILES, 443): judged})  # type: ignore[list-item]
    (other,) = [f for f in found if f.kind == "fails-on-other-client"]
    assert "fails in Android 14" in other.text
    assert "upload-attachment would break" in other.text
    assert other.journeys == ("upload-attachment",)


def test_an_intermediate_that_chromium_fetched_is_told_with_those_that_do_not() -> None:
    told = replace(
        healthy(FILES, 80)[FILES, 443],
        causes=(Cause.INCOMPLETE_CHAIN,),
        why="The server does not send «CN=R3».",
        clients=(
            ClientJudgement("chromium", "accepts"),
            ClientJudgement("android-9", "refuses", (Cause.INCOMPLETE_CHAIN,)),
            ClientJudgement("openssl", "refuses", (Cause.INCOMPLETE_CHAIN,)),
        ),
    )
    (found,) = findings_of([uploading()], [], {(FILES, 443): told})  # type: ignore[list-item]
    assert found.text == (
        "files.desk.test:443 works in Chromium, fails in Android 9, OpenSSL: server does not send its intermediate certificate. "
        "The server does not send «CN=R3». There upload-attachment would break."
    )
    assert (found.kind, found.cause) == ("fails-on-other-client", "incomplete-chain")


def test_tls_1_3_alone_is_only_worth_knowing() -> None:
    told = replace(
        healthy(FILES, 80)[FILES, 443], clients=(ClientJudgement("android-9", "refuses", (), "TLS 1.3 only"),)
    )
    (found,) = findings_of([uploading()], [], {(FILES, 443): told})  # type: ignore[list-item]
    assert found.severity is Severity.INFO


def test_single_points_of_failure_come_first_and_what_survives_is_named() -> None:
    quiet, needed = healthy("a.desk.test", 10), healthy(FILES, 20)
    found = [f for f in findings_of([uploading()], [], {**quiet, **needed}) if f.kind == "expiring"]  # type: ignore[list-item]
    assert [f.host for f in found] == [FILES, "a.desk.test"]
    assert f"If {FILES} expires on 2026-12-14, upload-attachment breaks." in found[0].text


def test_a_third_party_s_certificate_is_marked_as_theirs() -> None:
    told = {key: replace(d, third_party=True) for key, d in healthy(FILES, 20).items()}
    (found,) = [f for f in findings_of([uploading()], [], told) if f.kind == "expiring"]  # type: ignore[list-item]
    assert found.text.endswith("only they can renew it.")


def test_a_broken_host_that_the_app_names_and_nobody_asked_is_grave_and_says_where_its_door_is() -> None:
    door = NamedHost(FILES, 443, "Manual as PDF", "https://portal.desk.test/help")
    log = replace(session([opening(), step(1)], request("r", 5, "portal.desk.test")), named=(door,))
    (found,) = findings_of([log], [], diagnosis(FILES, Cause.EXPIRED))
    assert (found.kind, found.severity, found.cause, found.host) == ("host-not-asked", Severity.HIGH, "expired", FILES)
    assert "«Manual as PDF» on https://portal.desk.test/help" in found.text


def test_a_named_host_that_a_session_asked_is_told_as_before() -> None:
    door = NamedHost(FILES, 443, "Manual as PDF")
    log = replace(session([opening(), step(1)], request("r", 5, FILES)), named=(door,))
    (found,) = findings_of([log], [], diagnosis(FILES, Cause.EXPIRED))
    assert found.kind == "tls-fault-unseen"


def test_a_host_that_nobody_asked_and_that_is_whole_is_not_told() -> None:
    log = replace(session([opening()]), named=(NamedHost(FILES, 443, "Manual"),))
    assert not findings_of([log], [], healthy(FILES, 80))
