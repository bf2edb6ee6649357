"""Runs for real, in processes of their own: side by side, stopped, cut off, and picked up by the next server."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import pytest

from explorer.lab.demo.app import DemoApp
from reports.summary import load
from tests.explorer.server.waiting import eventually

PASSWORD = "harbour-lamp-42"


def wish(demo: DemoApp, **more: Any) -> dict[str, Any]:
    return {
        "target": demo.url,
        "private": True,
        "test_system": True,
        "journeys": ["submit-ticket"],
        "personas": ["impatient"],
        "steps": 4,
    } | more


async def until(client: Any, run: str, good: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The run's facts as soon as they are as wanted."""

    async def look() -> dict[str, Any] | None:
        facts: dict[str, Any] = (await client.get(f"/api/v1/runs/{run}")).json()
        assert good(facts) or facts["state"] in ("queued", "running"), facts
        return facts if good(facts) else None

    found: dict[str, Any] = await eventually(look)
    return found


async def begun(server: Any, run: str) -> None:
    """Wait until a run has taken its first step."""
    journal = server.runs / run / "journal.jsonl"
    await eventually(lambda: journal.is_file() and b'"type":"step"' in journal.read_bytes())


@pytest.mark.nightly
async def test_two_go_at_once_and_the_third_waits_for_its_turn(for_demo: Callable[[], Any], demo: DemoApp) -> None:
    server = for_demo().start()
    async with server.client() as client:
        runs = [(await client.post("/api/v1/runs", json=wish(demo))).json(202)["id"] for _ in range(3)]
        assert len(set(runs)) == 3
        for run in runs[:2]:
            await until(client, run, lambda f: f["state"] == "running")
        assert (await client.get(f"/api/v1/runs/{runs[2]}")).json()["state"] == "queued"
        assert (await client.ask("DELETE", f"/api/v1/runs/{runs[0]}")).status == 409
        for run in runs:
            over = (await client.get(f"/api/v1/runs/{run}", params={"wait": "120"})).json()
            assert (over["state"], over["sessions"]) == ("done", 1)
            assert (server.runs / run / "report.html").is_file()
            assert (await client.post(f"/api/v1/runs/{run}/stop")).status == 409
    server.end(signal.SIGTERM)


async def test_a_stop_judges_what_was_seen_and_one_session_can_go_alone(
    for_demo: Callable[[], Any], demo: DemoApp
) -> None:
    server = for_demo().start()
    async with server.client() as client:
        many = wish(demo, personas=["impatient", "curious"], steps=200, journeys=[])
        run = (await client.post("/api/v1/runs", json=many)).json(202)["id"]
        await begun(server, run)
        assert (await client.post(f"/api/v1/runs/{run}/sessions/curious@desktop/stop")).status == 202
        journal = server.runs / run / "journal.jsonl"
        await eventually(lambda: b'"why":"interrupted"' in journal.read_bytes())
        assert (await client.get(f"/api/v1/runs/{run}")).json()["state"] == "running"
        assert (await client.post(f"/api/v1/runs/{run}/stop")).status == 202
        over = (await client.get(f"/api/v1/runs/{run}", params={"wait": "120"})).json()
    assert over["state"] == "incomplete" and "stopped" in over["note"]
    summary = load(server.runs / run)
    assert not summary.cut_off and not summary.complete
    assert {view.persona: view.why for view in summary.sessions}["curious"] == "interrupted"
    server.end(signal.SIGTERM)


async def test_a_server_that_dies_loses_nothing(for_demo: Callable[[], Any], demo: DemoApp) -> None:
    """One run is cut off, one waits, one waits with a login, which must not have been written down."""
    server = for_demo()
    server.options += ("--at-once", "1")
    server.start()
    login = {"user": demo.login[0], "password": PASSWORD}
    async with server.client() as client:
        cut = (await client.post("/api/v1/runs", json=wish(demo, steps=200, journeys=[]))).json(202)["id"]
        secret = (await client.post("/api/v1/runs", json=wish(demo, login=login))).json(202)["id"]
        waiting = (await client.post("/api/v1/runs", json=wish(demo))).json(202)["id"]
        await begun(server, cut)
    server.end(signal.SIGKILL)
    server.start()
    async with server.client() as client:
        over = (await client.get(f"/api/v1/runs/{waiting}", params={"wait": "120"})).json()
        assert over["state"] == "done"

        async def told() -> dict[str, Any] | None:  # its worker noticed by itself, judged, and ended
            runs = (await client.get("/api/v1/runs")).json()["runs"]
            return next((r for r in runs if r["id"] == cut and r["state"] != "running"), None)

        facts = await eventually(told)
        assert facts["state"] == "incomplete" and facts["started"] > 0
        assert (await client.get(f"/runs/{cut}/report.html")).status == 200
        page = await client.get(f"/runs/{secret}")
        assert "waits for its login" in page.text
        await client.post(f"/runs/{secret}/login", data=login)
        over = (await client.get(f"/api/v1/runs/{secret}", params={"wait": "120"})).json()
        assert over["state"] == "done"
    server.end(signal.SIGTERM)
    assert load(server.runs / secret).run.options["login"] is True
    written = [p for p in server.runs.rglob("*") if p.is_file() and PASSWORD.encode() in p.read_bytes()]
    assert written == []


@pytest.mark.nightly
async def test_a_waiting_run_can_be_taken_out(for_demo: Callable[[], Any], demo: DemoApp) -> None:
    server = for_demo()
    server.options += ("--at-once", "1")
    server.start()
    async with server.client() as client:
        first = (await client.post("/api/v1/runs", json=wish(demo, steps=200))).json(202)["id"]
        second = (await client.post("/api/v1/runs", json=wish(demo))).json(202)["id"]
        await until(client, first, lambda f: f["state"] == "running")
        assert (await client.post(f"/api/v1/runs/{second}/stop")).json(202)["state"] == "refused"
        for _ in range(2):  # asked twice, it is ended at once
            assert (await client.post(f"/api/v1/runs/{first}/stop")).status == 202
        over = (await client.get(f"/api/v1/runs/{first}", params={"wait": "60"})).json()
        assert over["state"] == "incomplete"
    server.end(signal.SIGTERM)
