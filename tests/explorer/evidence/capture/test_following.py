"""Which segments belong to one connection, and how much is kept of all together."""

from __future__ import annotations

import pytest

from explorer.evidence.capture import following
from explorer.evidence.capture.frames import ACK
from explorer.evidence.capture.notes import notes_about
from tests.explorer.evidence.capture.packets import BEGAN, Talk, alert, certificates, record
from tests.explorer.evidence.capture.test_capture import NEW, TWO, chain, flight, read, worked


@pytest.mark.parametrize("reset", [True, False])
def test_what_comes_late_for_a_connection_that_is_over_begins_no_other(reset: bool) -> None:
    talk = worked().ends(reset=reset)
    talk = talk if reset else talk.ends(by_client=False)
    late = talk.waits(1).answers(bytes([23, 3, 3, 0, 9]) + bytes(9))
    found = read(late)
    assert len(found.kept.requests) == 1 and not found.midway and not notes_about(found)


def test_the_same_ports_are_a_connection_again_after_a_syn_or_long_after() -> None:
    first = worked().ends(reset=True)
    second = Talk(time=first.time + 1).opened().says(NEW).answers(alert(80))
    assert len(read(first, second).kept.requests) == 2
    without_syn = Talk(time=first.time + 2 * following.LINGER).opened().says(NEW).answers(alert(80))
    without_syn.frames = without_syn.frames[3:]
    assert len(read(first, without_syn).kept.requests) == 2


def test_connections_that_are_over_are_remembered_within_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_OVER", 2)
    talks = [worked(client_port=20_000 + n, time=BEGAN + 5 * n).ends(reset=True) for n in range(4)]
    for talk in talks:
        talk.time = BEGAN + 60
        talk.segment(ACK, bytes([23, 3, 3, 0, 9]) + bytes(9), by_client=False)
    assert read(*talks).midway == 2


def test_the_chains_of_both_sides_count_as_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    size = sum(map(len, chain()))
    monkeypatch.setattr(following, "MOST_HELD", 10 * size)
    served = [Talk(client_port=20_000 + n, time=BEGAN + n).opened().says(TWO).answers(flight()) for n in range(15)]
    assert 4 <= read(*served).dropped <= 6
    for talk in served:
        talk.says(record(22, certificates(chain())))
    assert 8 <= read(*served).dropped <= 12
