"""A whole session on the virtual device: explored, read from its log, probed and judged as on the web."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from explorer.devices.android.tools import find_tools
from explorer.devices.data_folder import data_folder
from explorer.lab.android.lab import AndroidLab
from explorer.lab.android.support import PACKAGE
from explorer.lab.demo.app import DemoApp
from explorer.monitors.logs.logcat import LogMonitor
from explorer.monitors.logs.signatures import make_book
from explorer.policy.policy import Policy
from explorer.request.account import Account
from explorer.request.credential import Login
from explorer.request.resolve import RunOptions
from explorer.request.scope import Scope
from explorer.run.attachments import make_attachments
from explorer.run.probing import diagnose_hosts
from explorer.run.session import Session
from explorer.run.session_plan import SessionPlan
from flows.graph import FlowGraph
from flows.journey import load_catalogue, permit
from flows.judge.verdict import judge_session
from personas.persona import by_name
from reports.journal.events import Broken, Event

BROKEN = {"tickets": "expired", "chat": "self-signed", "kb": "hostname-mismatch", "analytics": "expired"}


@pytest.mark.android
async def test_each_broken_host_is_blamed_on_the_journey_that_needs_it_and_on_no_other(tmp_path: Path) -> None:
    (persona,) = by_name(("curious",))
    journeys = load_catalogue()
    said: list[Event] = []
    tools = find_tools(data_folder())
    async with (
        DemoApp(BROKEN, skin="modern", workdir=tmp_path) as demo,
        AndroidLab.of_demo(tools, tmp_path, demo) as lab,
    ):
        surface = lab.surface(account=Account(Login.of(*demo.login), Scope()))
        monitor = LogMonitor(make_book(platform="android"), "s", PACKAGE)
        files = make_attachments(tmp_path / "files", "1")
        plan = SessionPlan("s", persona, "virtual", ("portal.desk.test", 443), permit(journeys, frozenset()), 120)
        policy = Policy(persona, plan.journeys, random.Random("1"), login=True, files=files)
        session = Session(
            plan=plan,
            surface=surface,
            policy=policy,
            feed=monitor.feed,
            finish=lambda _: monitor.flush(),
            say=said.append,
            graph=FlowGraph(),
        )
        try:
            log = await session.explore()
        finally:
            await surface.close()
        options = RunOptions(
            target=demo.url,
            personas=(persona,),
            journeys=journeys,
            ca=(demo.ca,),
            only_resolved=True,
            test_system=True,
            resolve=tuple(((name, port), address) for name, port, address in demo.resolve),
        )
        judged = judge_session(log, await diagnose_hosts([log], options))
        assert lab.virtual.unknown == []
    assert not [event for event in said if isinstance(event, Broken)]
    failed = {v.journey: (v.cause, v.host) for v in judged.verdicts if v.verdict == "failed"}
    assert failed == {
        "submit-ticket": ("expired", "tickets.desk.test"),
        "start-chat": ("self-signed", "chat.desk.test"),
        "knowledge-base": ("hostname-mismatch", "kb.desk.test"),
    }
    passed = {v.journey for v in judged.verdicts if v.verdict == "passed"}
    assert {"login", "account-info", "payment", "upload-attachment"} <= passed
