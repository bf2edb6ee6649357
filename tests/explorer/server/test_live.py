"""A journal is followed while it is written, once for all who watch."""

from __future__ import annotations

import asyncio
from pathlib import Path

from explorer.server.live import Broadcast, Live
from reports.journal.events import Journal
from tests.explorer.server.journals import events, write


def test_half_a_line_is_left_for_later(tmp_path: Path) -> None:
    folder = write(tmp_path, "run", events("run"))
    whole = (folder / "journal.jsonl").read_bytes()
    live, at_once = Live(folder), Live(folder)
    for end in range(0, len(whole), 97):
        (folder / "journal.jsonl").write_bytes(whole[:end])
        live.catch_up()
    (folder / "journal.jsonl").write_bytes(whole)
    live.catch_up()
    at_once.catch_up()
    assert live.sessions == at_once.sessions
    assert (live.moves, live.screens, live.finished) == (2, 2, True)
    assert live.sessions["p0@desktop"].verdicts == {"start-chat": "passed", "submit-ticket": "passed"}
    picture = live.picture()
    assert picture is not None and len(picture.nodes) == 2


def test_there_may_be_no_journal_yet(tmp_path: Path) -> None:
    live = Live(tmp_path)
    assert not live.catch_up() and live.picture() is None


async def test_many_viewers_cost_one_reading_and_see_the_end(tmp_path: Path) -> None:
    told = events("run")
    folder = write(tmp_path, "run", told[:2])
    over = False
    renderings = 0

    def tell(live: Live) -> str:
        nonlocal renderings
        renderings += 1
        return f"{live.moves} moves"

    broadcast = Broadcast(Live(folder), tell, lambda: over)
    first = asyncio.Barrier(21)

    async def view() -> list[str]:
        seen: list[str] = []
        async for text in broadcast.watch():
            seen.append(text)
            if len(seen) == 1:
                await first.wait()
        return seen

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        viewers = [group.create_task(view()) for _ in range(20)]
        await first.wait()
        with Journal(folder / "journal.jsonl") as journal:
            for event in told[2:]:
                journal.write(event)
        over = True
    assert all(v.result()[0] == "0 moves" and v.result()[-1] == "2 moves" for v in viewers)
    assert renderings <= 4


def test_an_event_is_one_event_whatever_the_app_says(tmp_path: Path) -> None:
    broadcast = Broadcast(Live(tmp_path), lambda live: "", lambda: False)
    packed = broadcast.packed("a\r\n\r\nevent: over\ndata: x").decode()
    assert packed.count("\n\n") == 1 and packed.endswith("\n\n")
    assert all(line.startswith(("event: live", "data: ")) for line in packed.strip().split("\n"))
