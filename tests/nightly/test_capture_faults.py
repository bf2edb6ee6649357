"""Each fault of the lab × TLS 1.2 and 1.3 × real clients, as tcpdump captures it: what it shows is told right, and what it cannot
show is «not observable». No cause is made up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Error

from explorer.lab.demo.app import DemoApp
from explorer.lab.demo.walkthrough import browser
from explorer.tls.faults.known import KNOWN_FAULTS, fault_named
from flows.diagnosis import CAUSES, Cause, Diagnosis
from tests.explorer.evidence.capture.clients import CLIENTS
from tests.explorer.evidence.capture.meeting import met
from tests.explorer.evidence.capture.sniffer import captured
from tests.explorer.evidence.recorder import judged

CHAIN_FAULTS = frozenset(cause for cause, facts in CAUSES.items() if facts.passable)
"""Causes that the chain as served shows, or an alert about it."""


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("fault", KNOWN_FAULTS)
async def test_no_capture_of_a_fault_is_told_as_another(
    fault: str, client: str, version: str, tmp_path: Path, note: Callable[..., None]
) -> None:
    found = await met(fault, client, version, tmp_path)
    cause = fault_named(fault).cause
    told = [c.value for c in found.causes]
    note(capture=fault, client=client, version=version, answered=found.answered, told=told, errors=list(found.errors))
    if found.answered:
        assert not found.errors
        return
    if not found.errors:  # only a hint is left, or the failure was one of HTTP
        assert any(r.opened for r in found.recording.requests)
        after = any("before they asked anything" in note for note in found.recording.notes)
        assert after or cause is Cause.CLIENT_CERTIFICATE_REQUIRED
        return
    assert found.diagnosis is not None
    if found.causes == (Cause.UNKNOWN_TLS,):
        seen = version == "1.2" and cause in CHAIN_FAULTS and not any("offers" in error for error in found.errors)
        assert not seen, "TLS 1.2 shows the chain, so the cause is to be told"
    else:
        _nothing_made_up(found.diagnosis, cause)


def _nothing_made_up(diagnosis: Diagnosis, cause: Cause | None) -> None:
    """A cause that stands alone is right; among several, the right one is there, or that it may be something else."""
    if diagnosis.alternatives:
        assert {cause, Cause.UNKNOWN_TLS} & set(diagnosis.causes)
    else:
        assert diagnosis.causes[0] in (cause, Cause.UNKNOWN_TLS)


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize("fault", KNOWN_FAULTS)
async def test_no_capture_of_chromium_is_told_as_another(
    fault: str, version: str, tmp_path: Path, note: Callable[..., None]
) -> None:
    async with DemoApp({"portal": fault}, workdir=tmp_path / "demo") as demo:
        file, port = tmp_path / "loopback.pcap", urlsplit(demo.url).port or 443
        async with (
            captured(file, port),
            browser(demo, tmp_path / "home", flags=[f"--ssl-version-max=tls{version}"]) as context,
        ):
            page = await context.new_page()
            try:
                answer = await page.goto(demo.url, timeout=5_000)
                refused = answer is None
            except Error as error:
                refused = "net::" in error.message
        _, diagnoses = await judged(file)
        told = [[d.client_saw, *d.causes] for d in diagnoses.values()]
        note(capture=fault, client="chromium", version=version, answered=not refused, told=told)
    for diagnosis in diagnoses.values():
        _nothing_made_up(diagnosis, fault_named(fault).cause)
