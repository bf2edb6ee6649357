"""Each fault of the lab × each kind of recording: what it can show is told right, and no cause is made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Error

from explorer.lab.demo.app import DemoApp
from explorer.tls.faults.known import KNOWN_FAULTS, fault_named
from flows.diagnosis import Cause
from tests.explorer.evidence.recorder import judged, recorded


@pytest.mark.parametrize("name", KNOWN_FAULTS)
async def test_no_recording_of_a_fault_is_told_as_another(name: str, tmp_path: Path) -> None:
    async with DemoApp({"portal": name}, workdir=tmp_path / "demo") as demo:
        async with recorded(demo, tmp_path) as (context, files):
            page = await context.new_page()
            try:
                answer = await page.goto(demo.url, timeout=3_000)
                failed = answer is None
            except Error as error:
                failed = "net::" in error.message  # a busy machine only runs out of time
        for file in (files.har, files.net_log):
            _, diagnoses = await judged(file)
            found = {cause for d in diagnoses.values() for cause in d.causes}
            cause = fault_named(name).cause
            if found:
                assert cause in found or (cause is None and Cause.UNKNOWN_TLS in found)
                assert all(d.alternatives or cause in d.causes for d in diagnoses.values())
            elif failed:
                assert cause is Cause.CONNECTION_CUT  # a HAR does not tell whether TLS had begun
                assert file == files.har
