"""Names that nobody answers for keep no other name waiting."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from explorer.tls.connect import Unanswered, Unreachable
from explorer.tls.lookups import Lookups, ask_resolver


@dataclass
class Resolver:
    """Answers for good names at once, and for dead ones only when it is `over`."""

    over: threading.Event = field(default_factory=threading.Event)
    asked: Counter[str] = field(default_factory=Counter)

    def ask(self, host: str, _: int) -> tuple[str, ...]:
        self.asked[host] += 1
        if host.startswith("dead"):
            self.over.wait()
        if host == "missing.test":
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        if host == "later.test":
            raise socket.gaierror(socket.EAI_AGAIN, "try again")
        return () if host == "empty.test" else ("192.0.2.7",)


@pytest.fixture
def resolver() -> Iterator[Resolver]:
    made = Resolver()
    yield made
    made.over.set()


async def test_a_page_does_not_wait_for_the_names_in_frames(resolver: Resolver) -> None:
    lookups = Lookups(resolver.ask)
    dead = [lookups.resolved(f"dead{n}.test", 443, 0.2, page=False) for n in range(60)]
    good = lookups.resolved("good.test", 443, 10, page=True)
    *others, found = await asyncio.gather(*dead, good, return_exceptions=True)
    assert found == ("192.0.2.7",) and {type(o) for o in others} == {Unanswered}
    assert len(resolver.asked) == 1 + lookups.most, "the others were not asked in time, and are not asked later"


async def test_a_name_is_asked_for_once_at_a_time(resolver: Resolver) -> None:
    lookups = Lookups(resolver.ask, most=2)
    with pytest.raises(Unanswered, match="within 0 seconds"):
        await lookups.resolved("dead.test", 443, 0, page=True)
    async with asyncio.TaskGroup() as tasks:
        waiting = [tasks.create_task(lookups.resolved("dead.test", 443, 30, page=True)) for _ in range(5)]
        tasks.create_task(lookups.resolved("good.test", 443, 30, page=True)).add_done_callback(
            lambda _: resolver.over.set()
        )
    assert {w.result() for w in waiting} == {("192.0.2.7",)} and resolver.asked["dead.test"] == 1
    await lookups.resolved("dead.test", 443, 30, page=True)
    assert resolver.asked["dead.test"] == 2, "what was found out is not kept: a name may lead elsewhere later"


@pytest.mark.parametrize(
    ("host", "why"), [("missing.test", Unreachable), ("empty.test", Unreachable), ("later.test", Unanswered)]
)
async def test_what_is_not_there_is_told_from_what_nobody_answered_for(
    resolver: Resolver, host: str, why: type[Unreachable]
) -> None:
    with pytest.raises(Unreachable) as told:
        await Lookups(resolver.ask).resolved(host, 443, 30, page=False)
    assert told.type is why


async def test_this_machines_resolver_is_asked_unless_told_otherwise() -> None:
    assert "127.0.0.1" in await Lookups().resolved("localhost", 443, 30, page=True)
    assert "127.0.0.1" in ask_resolver("127.0.0.1", 1)


@pytest.mark.parametrize("error", [ValueError("embedded null"), OverflowError("port"), RuntimeError("odd")])
async def test_an_error_of_any_kind_is_told_and_makes_room(error: Exception) -> None:
    def ask(host: str, _: int) -> tuple[str, ...]:
        if host == "odd.test":
            raise error
        return ("192.0.2.7",)

    lookups = Lookups(ask, most=1)
    with pytest.raises(Unanswered, match=str(error)):
        await lookups.resolved("odd.test", 443, 30, page=True)
    assert await lookups.resolved("good.test", 443, 30, page=True) == ("192.0.2.7",)


async def test_a_lookup_that_gets_no_thread_makes_room(resolver: Resolver, monkeypatch: pytest.MonkeyPatch) -> None:
    lookups = Lookups(resolver.ask, most=1)

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        with pytest.raises(Unanswered, match="can't start new thread"):
            await lookups.resolved("good.test", 443, 30, page=True)
    assert await lookups.resolved("good.test", 443, 30, page=True) == ("192.0.2.7",)
