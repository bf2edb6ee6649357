"""A retry storm becomes one signal a second, and nothing of an ordinary session is folded."""

from __future__ import annotations

from dataclasses import replace

from explorer.monitors.browser.folding import PAUSE, SINGLY, Folding
from explorer.monitors.browser.monitor import BrowserMonitor
from flows.effects import Effect
from flows.record import Record
from flows.signals import Exchange, Family, Signal
from tests.flows.builders import failing, other_failure

SEND = "api.desk.test"


def pair(n: int, at: float, host: str = SEND) -> list[Signal | Exchange | Effect]:
    return list(failing(f"r{n}", at, host))


def signals(told: list[Signal | Exchange | Effect]) -> list[Signal]:
    return [x for x in told if isinstance(x, Signal)]


def storm(folding: Folding, count: int, begin: float = 0.0, every: float = 0.01) -> list[Signal | Exchange | Effect]:
    told: list[Signal | Exchange | Effect] = []
    for n in range(count):
        at = begin + n * every
        told += folding.fold(pair(n, at), at + 0.1)
    return told


def test_the_first_repeats_are_told_one_by_one_with_their_requests() -> None:
    told = storm(Folding(), SINGLY)
    assert [s.count for s in signals(told)] == [1] * SINGLY
    assert len(told) == 2 * SINGLY


def test_a_storm_becomes_one_signal_a_second_and_none_of_it_is_lost() -> None:
    folding = Folding()
    told = [*storm(folding, 2_000), *folding.rest()]  # twenty seconds of it
    found = signals(told)
    assert sum(s.count for s in found) == 2_000
    assert len(found) <= SINGLY + 20 / PAUSE + 1
    assert {s.request for s in found} == {x.id for x in told if isinstance(x, Exchange)}
    folded = [s for s in found if s.count > 1]
    assert all(s.time < s.last <= s.time + PAUSE + 0.1 for s in folded)


def test_what_comes_last_is_told_as_soon_as_anything_comes_a_second_later_or_at_the_end() -> None:
    folding = Folding()
    storm(folding, SINGLY + 3)
    later = folding.fold([], 10.0)
    assert [(s.count, s.request) for s in signals(later)] == [(3, f"r{SINGLY + 2}")]
    assert folding.rest() == []


def test_what_the_user_sends_into_a_storm_of_the_page_s_own_is_told() -> None:
    folding = Folding()
    for n in range(SINGLY + 3):
        exchange, signal = failing(f"r{n}", n / 10, SEND, initiator="timer")
        folding.fold([exchange, signal], n / 10 + 0.05)
    exchange, signal = failing("sent", 1.35, SEND)
    told = folding.fold([replace(exchange, method="POST"), signal], 1.4)
    assert [x.id for x in told if isinstance(x, Exchange)] == ["sent"]


def test_another_address_another_error_and_another_frame_are_no_repeats() -> None:
    folding = Folding()
    storm(folding, SINGLY + 1)
    (first,) = signals(pair(99, 0.2))
    for other in (
        replace(first, url="https://api.desk.test/other"),
        replace(first, error="net::ERR_CERT_DATE_INVALID"),
        replace(first, frame="widget"),
        replace(first, place="websocket"),
    ):
        assert folding.fold([other], 0.3) == [other]
    exchange, busted = failing("r98", 0.3, SEND)
    assert (
        folding.fold([exchange, replace(busted, url=f"{busted.url}?_=17")], 0.3) == []
    )  # only what keeps caches away differs


def test_what_is_no_failed_request_is_never_folded() -> None:
    folding = Folding()
    errors = [other_failure(f"e{n}", n / 100, Family.SCRIPT) for n in range(50)]
    assert [folding.fold([e], e.time) for e in errors] == [[e] for e in errors]


def test_a_browser_s_storm_folds_on_its_way_to_the_journal() -> None:
    monitor = BrowserMonitor("s")
    told: list[object] = []
    for n in range(500):
        asked = {"request": f"q{n}", "url": "https://api.desk.test/send", "method": "POST", "type": "Fetch"}
        told += monitor.feed(Record(n / 100, "cdp", "Network.requestWillBeSent", asked))
        failed = {"request": f"q{n}", "error": "net::ERR_CERT_DATE_INVALID", "type": "Fetch"}
        told += monitor.feed(Record(n / 100, "cdp", "Network.loadingFailed", failed))
    told += monitor.finish(6.0)
    assert sum(x.count for x in told if isinstance(x, Signal)) == 500
    assert len(told) < 50
