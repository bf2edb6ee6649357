"""What a real Chromium records of a broken journey is told as that journey, from its HAR and from its net log, and from both
as they are after `trustwalk redact`."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Error, expect

from explorer.lab.demo.app import DemoApp
from explorer.lab.demo.walkthrough import Walk
from flows.diagnosis import Cause
from flows.incident import Verdict
from tests.explorer.evidence.recorder import Files, judged, recorded, redacted_file


async def test_a_ticket_that_was_refused_is_told_from_both_recordings(tmp_path: Path) -> None:
    async with DemoApp({"tickets": "hostname-mismatch"}, workdir=tmp_path / "demo") as demo:
        async with recorded(demo, tmp_path) as (context, files):
            page = await context.new_page()
            walk = Walk(demo, page)
            await walk.open()
            async with page.expect_event("requestfailed", lambda request: "tickets." in request.url):
                context.set_default_timeout(2_000)
                try:
                    await walk.submit_ticket()
                except (Error, AssertionError):
                    await expect(page.locator("body")).to_be_visible()  # the app says that it could not be sent
        shared = Files(await redacted_file(files.har), await redacted_file(files.net_log))
        for file, alternatives in (
            (files.har, True),
            (files.net_log, False),
            (shared.har, True),
            (shared.net_log, False),
        ):
            judgement, diagnoses = await judged(file)
            [failed] = [v for v in judgement.verdicts if v.verdict is Verdict.FAILED]
            assert (failed.journey, failed.host, failed.stage) == ("submit-ticket", "tickets.desk.test", "submit")
            diagnosis = diagnoses[failed.host, failed.port]
            assert diagnosis.causes[0] is Cause.HOSTNAME_MISMATCH
            assert diagnosis.alternatives is alternatives
            assert set(diagnoses) == {(failed.host, failed.port)}
