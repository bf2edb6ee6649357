"""From the requests of a recording to the journey that failed, judged by the rules of a run."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from explorer.evidence.doings import doings
from explorer.evidence.har import read_har
from explorer.evidence.recording import Recording, clock_error, notes_of, session_of
from explorer.evidence.seen import MOST_OF_HOST, Kept, Seen, records
from explorer.run.reading import journal_of
from explorer.run.run_outcome import RunOutcome
from explorer.tls.trust import TrustStore
from flows.diagnosis import Cause
from flows.incident import Verdict
from flows.journey import Journey, load_catalogue
from reports.journal.events import RunFinished
from reports.summary import load
from tests.explorer.evidence.hars import SITE, Entry, entry, har, page

EXPIRED = {"_error": "net::ERR_CERT_DATE_INVALID"}
OTHER_NAME = {"_error": "net::ERR_CERT_COMMON_NAME_INVALID"}


@pytest.fixture(scope="module")
def journeys() -> tuple[Journey, ...]:
    return load_catalogue()


def requests(*entries: Entry) -> list[Seen]:
    return read_har(iter([har(entries)])).kept.requests


def recording(*entries: Entry, **more: Any) -> Recording:
    return Recording("the HAR", "Chromium", requests(*entries), **more)


def judged(journeys: Sequence[Journey], folder: Path, *entries: Entry) -> RunOutcome:
    nothing = TrustStore((), (), "no roots")
    folder.mkdir(exist_ok=True)
    journal, outcome = asyncio.run(journal_of(recording(*entries), journeys, folder, 1e9, nothing))
    journal.write(RunFinished(1e9, 0))
    journal.close()
    load(folder)  # what was written is a run that every report can tell
    return outcome


def ticket(status: int, at: float, **more: Any) -> Entry:
    url = "https://tickets.shop.example/v1/tickets"
    return entry(url, status, at=at, method="POST", _resourceType="fetch", **more)


def test_what_was_done_is_told_by_pages_pauses_and_names(journeys: tuple[Journey, ...]) -> None:
    found = doings(
        requests(
            page(f"{SITE}/"),
            entry(f"{SITE}/app.js", at=0.1, _resourceType="script"),
            entry("https://stats.shop.example/b", at=0.2, method="POST", _resourceType="ping"),
            page(f"{SITE}/contact", at=5),
            ticket(201, 9),
            entry("wss://chat.shop.example/live", 101, at=15, _resourceType="websocket"),
        ),
        journeys,
    )
    told = [(d.page, d.journey, d.sends, len(d.requests)) for d in found]
    assert told == [
        (True, "", False, 3),
        (True, "submit-ticket", False, 1),
        (False, "submit-ticket", True, 1),
        (False, "start-chat", True, 1),
    ]


@pytest.mark.parametrize(
    ("names", "journey"),
    [
        (["username", "password"], "login"),
        (["email", "subject", "message"], "submit-ticket"),
        (["cardNumber", "expiry", "cvc"], "payment"),
        (["q"], ""),
    ],
)
def test_the_names_of_fields_say_what_a_form_is_for(
    names: list[str], journey: str, journeys: tuple[Journey, ...]
) -> None:
    sent = {"params": [{"name": name, "value": "secret"} for name in names], "mimeType": "x-www-form-urlencoded"}
    [_, done] = doings(requests(page(), entry(f"{SITE}/x", at=4, method="POST", request={"postData": sent})), journeys)
    assert done.journey == journey


def test_a_refused_request_of_a_journey_fails_it(journeys: tuple[Journey, ...], tmp_path: Path) -> None:
    outcome = judged(
        journeys, tmp_path / "run", page(), page(f"{SITE}/contact", at=3), ticket(0, 9, response=OTHER_NAME)
    )
    [verdict] = outcome.verdicts
    assert (verdict.journey, verdict.verdict, verdict.stage) == ("submit-ticket", Verdict.FAILED, "submit")
    assert (verdict.host, verdict.cause) == ("tickets.shop.example", "hostname-mismatch")
    [diagnosis] = outcome.diagnoses.values()
    assert diagnosis.alternatives  # the code alone does not tell a wrong name from a certificate without names
    assert "not in the HAR" in diagnosis.why


def test_a_first_page_that_the_browser_refused_blocks_every_journey(
    journeys: tuple[Journey, ...], tmp_path: Path
) -> None:
    outcome = judged(journeys, tmp_path / "run", page(status=0, response=EXPIRED))
    assert {v.verdict for v in outcome.verdicts} == {Verdict.BLOCKED}
    assert {v.blocked_by for v in outcome.verdicts} == {"entry"}
    assert len(outcome.verdicts) == len(journeys)


def test_a_journey_that_failed_for_another_reason_blames_no_certificate(
    journeys: tuple[Journey, ...], tmp_path: Path
) -> None:
    broken = {"_error": "net::ERR_CERT_AUTHORITY_INVALID"}
    statistics = entry("https://stats.shop.example/b", 0, at=3.2, method="POST", _resourceType="ping", response=broken)
    outcome = judged(journeys, tmp_path / "run", page(f"{SITE}/contact", at=3), statistics, ticket(503, 9))
    [verdict] = outcome.verdicts
    assert (verdict.verdict, verdict.cause) == (Verdict.FAILED, "other")
    assert "background-host" in {f.kind for f in outcome.findings}


def test_a_recording_without_a_failure_proves_no_success(journeys: tuple[Journey, ...], tmp_path: Path) -> None:
    outcome = judged(journeys, tmp_path / "run", page(f"{SITE}/contact", at=3), ticket(201, 9))
    [verdict] = outcome.verdicts
    assert verdict.verdict is Verdict.INCONCLUSIVE
    assert "no screens" in verdict.why
    assert [f.kind for f in outcome.findings] == ["recording-without-failure"]


@pytest.mark.parametrize(
    ("server", "causes"),
    [
        ("Mon, 30 Nov 2026 08:50:01 GMT", (Cause.EXPIRED, Cause.NOT_YET_VALID)),
        ("Fri, 30 Jan 2026 08:50:01 GMT", (Cause.CLOCK_SKEW,)),
        ("", (Cause.EXPIRED, Cause.NOT_YET_VALID, Cause.CLOCK_SKEW)),
    ],
)
def test_the_clocks_of_other_servers_tell_a_wrong_clock_from_an_expired_certificate(
    server: str, causes: tuple[Cause, ...], journeys: tuple[Journey, ...], tmp_path: Path
) -> None:
    dated = {"headers": [{"name": "Date", "value": server}]}
    answers = [page(f"{SITE}/contact", response=dated), entry(f"{SITE}/a.js", at=0.5, response=dated)]
    outcome = judged(journeys, tmp_path / "run", *answers, ticket(0, 9, response=EXPIRED))
    [diagnosis] = outcome.diagnoses.values()
    assert diagnosis.causes == causes


def test_a_cached_answer_makes_no_wrong_clock() -> None:
    fresh = {"headers": [{"name": "Date", "value": "Mon, 30 Nov 2026 08:50:00 GMT"}]}
    old = {"headers": [{"name": "Date", "value": "Mon, 02 Nov 2026 08:50:00 GMT"}]}
    error = clock_error(requests(page(response=fresh), entry(f"{SITE}/a.js", response=old)))
    assert error is not None
    assert abs(error) < 5


def test_a_proxy_whose_certificates_the_browser_accepted_is_told(journeys: tuple[Journey, ...]) -> None:
    opened: Any = {"_securityDetails": {"issuer": "Zscaler Intermediate Root CA (zscaler.net)"}}
    seen = recording(page(**opened), ticket(201, 9, **opened))
    [finding, _] = notes_of(seen, session_of(seen, journeys))
    assert "Zscaler" in finding.text
    assert "opens its connections" in finding.text


def test_more_successful_requests_to_a_host_than_needed_are_left_out_and_failures_are_not() -> None:
    kept = Kept()
    for number in range(MOST_OF_HOST + 10):
        kept.add(Seen(str(number), number, 0.1, "GET", f"{SITE}/{number}", status=200))
    kept.add(Seen("failed", 1e6, 0.1, "GET", f"{SITE}/x", error="net::ERR_FAILED"))
    assert (len(kept.requests), kept.left_out) == (MOST_OF_HOST + 1, 10)


def test_records_come_in_order_of_time() -> None:
    times = [r.time for r in records(requests(page(took=900), entry(f"{SITE}/a.js", at=0.2), ticket(0, 0.1)))]
    assert times == sorted(times)
