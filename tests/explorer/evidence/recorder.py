"""A real Chromium that records what it does, as Playwright's HAR and as its own net log."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import BrowserContext

from explorer.evidence.files import recording_in
from explorer.evidence.recording import Recording, session_of
from explorer.evidence.redacting import redacted
from explorer.evidence.source import opened
from explorer.lab.demo.app import DemoApp
from explorer.lab.demo.walkthrough import browser
from explorer.run.reading import diagnoses_of
from explorer.tls.trust import TrustStore
from flows.diagnosis import Diagnosis
from flows.journey import load_catalogue
from flows.judge.run import Judgement, judge_run
from flows.session import Endpoint


@dataclass(frozen=True, slots=True)
class Files:
    """Where the recordings are, once the browser is closed."""

    har: Path
    net_log: Path


@asynccontextmanager
async def recorded(demo: DemoApp, folder: Path) -> AsyncIterator[tuple[BrowserContext, Files]]:
    """A browser that records. The files are complete when this ends."""
    files = Files(folder / "session.har", folder / "net-log.json")
    flags = [f"--log-net-log={files.net_log}"]
    async with browser(demo, folder / "home", flags=flags, record_har_path=str(files.har)) as context:
        yield context, files
        await context.close()


def recording(path: Path) -> Recording:
    with opened(str(path), io.BytesIO()) as source:
        return recording_in(source)


async def redacted_file(path: Path) -> Path:
    """The file that `trustwalk redact` makes of a recording, beside it."""

    def write() -> Path:
        made = path.with_name(f"redacted-{path.name}")
        with opened(str(path), io.BytesIO()) as source:
            made.write_bytes(b"".join(redacted(source)))
        return made

    return await asyncio.to_thread(write)


async def judged(path: Path) -> tuple[Judgement, dict[Endpoint, Diagnosis]]:
    """What `trustwalk read` makes of a file, on a machine that knows no private root."""
    seen = recording(path)
    log = session_of(seen, load_catalogue())
    trust = await asyncio.to_thread(TrustStore.load)
    diagnoses = await diagnoses_of(seen, log, trust)
    return judge_run([log], diagnoses), diagnoses
