"""The list of runs stays short, however many there are, and each run can be reached from it."""

from __future__ import annotations

import re

from explorer.server import pages, run_facts
from reports.failures import Failure
from tests.explorer.server.conftest import Server
from tests.explorer.server.journals import events, write
from tests.explorer.server.waiting import eventually

RUNS = pages.LISTED + 60


async def test_many_runs_of_a_target_are_listed_page_by_page_and_none_is_lost(server: Server) -> None:
    for n in range(RUNS):
        write(server.runs, f"run-{n:03d}", events(f"run-{n:03d}", started=1_700_000_000.0 + n))
    async with server.client() as client:

        async def all_there() -> bool:
            return len((await client.get("/api/v1/runs")).json()["runs"]) == RUNS

        await eventually(all_there)
        text = (await client.get("/runs")).text
        (older,) = re.findall(r'<a href="(/runs\?target=[^"]*)">60 older runs</a>', text)
        listed = set(re.findall(r'<li><a href="/runs/(run-\d+)"', text))
        assert len(listed) == pages.LISTED
        answer = await client.get(older.replace("&amp;", "&"))
        listed |= set(re.findall(r'<li><a href="/runs/(run-\d+)"', answer.text))
        assert listed == {f"run-{n:03d}" for n in range(RUNS)}
        assert f"{pages.LISTED + 1} to {RUNS} of {RUNS} runs" in answer.text
        for start in ("9" * 8, "-1", "x", "1" * 400):
            assert (await client.get("/runs", params={"from": start})).status == 200
        assert "There are no such runs" in (await client.get("/runs", params={"target": "<b>"})).text


def test_a_run_is_compared_with_the_one_before_it_of_the_same_target() -> None:
    def run(name: str, created: float, target: str = "https://a.test/", *, failing: bool = False) -> run_facts.RunFacts:
        cell = run_facts.Cell("chat", "Chat", "desktop", "failed" if failing else "passed", "", "")
        failure = Failure("chat", "desktop", "failed", "expired", "h.test", ("curious",))
        return run_facts.RunFacts(
            name, target, created, cells=(cell,), failures=(failure,) if failing else (), state=run_facts.DONE
        )

    first, other, last = run("a", 1.0), run("b", 2.0, "https://b.test/"), run("c", 3.0, failing=True)
    every = [last, other, first]
    change = run_facts.change_in(last, every)
    assert change is not None
    assert [f.journey for f in change.new] == ["chat"]
    assert run_facts.change_in(first, every) is None
    assert run_facts.change_in(other, every) is None
