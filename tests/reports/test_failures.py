from __future__ import annotations

from reports.failures import Difference, Failure


def failure(journey: str, verdict: str = "failed", host: str = "chat.test") -> Failure:
    return Failure(journey, "desktop", verdict, "expired", host, ("curious",))


def test_the_state_of_a_failure_is_the_part_that_it_stands_in() -> None:
    moved = (failure("pay", host="old.test"), failure("pay"))
    change = Difference((failure("login"),), (failure("upload"),), (failure("start-chat"),), (moved,), ())
    found = {j: change.state(j, "desktop", "expired", "chat.test") for j in ("login", "pay", "start-chat", "upload")}
    assert found == {"login": "new", "pay": "moved", "start-chat": "unchanged", "upload": ""}


def test_a_loss_alone_is_worse_but_no_failure() -> None:
    change = Difference((failure("login", "degraded"),), (), (), (), ())
    assert (change.worse, change.exit_code) == ((failure("login", "degraded"),), 0)
