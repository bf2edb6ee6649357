"""Records a web session for people who want to look closer: a HAR of its requests, and a trace for Playwright's viewer.

The trace has a snapshot of the page before each action, and one at the end. Everything passes through
`explorer.surfaces.web.redact` before it is kept."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext
from playwright.async_api import Error as PlaywrightError

from explorer.request.spelling import Spellings
from explorer.surfaces.web.redact import body, har, trace_line
from flows.step import Action

SNAPSHOT = 2.0
"""Seconds within which the trace must get its snapshot of a page. A page whose script runs forever gets none."""
_LOST = (PlaywrightError, TimeoutError)


@dataclass(slots=True)
class Recorder:
    """The recording of one session. `kinds` says what is recorded: «har», «trace» or both.

    The files `NAME.har` and `NAME.trace.zip` are written into `folder`. `shareable` removes from a HAR what may be
    private. Cookies, credentials and bodies are removed in any case."""

    folder: Path
    name: str
    kinds: frozenset[str]
    secrets: set[str] = field(default_factory=set)
    shareable: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict
    _raw: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="trustwalk-recording-")))
    _context: BrowserContext | None = None
    _open: bool = False

    def options(self) -> Mapping[str, Any]:
        """The options for creating the browser context."""
        if "har" not in self.kinds:
            return {}
        return {"record_har_path": self._raw / "raw.har", "record_har_content": "omit"}

    async def start(self, context: BrowserContext) -> None:
        """Begin to trace. Raises Playwright's Error if the browser is gone."""
        if "trace" in self.kinds:
            await context.tracing.start(title=self.name, snapshots=True, screenshots=False, sources=False)
            self._context = context

    async def before(self, action: Action, page: int, *, paint: bool) -> None:
        """Record the next action, with a snapshot of the page before the action.

        `page` is the index of the tab. `paint` says that a snapshot is possible: it is not while a dialog is open."""
        if action.secret and action.text and not action.credential:
            self.secrets.add(action.text)
        told = Spellings(self.secrets).masked(f"{action.kind.value} {action.label or action.text}".strip())
        await self._mark(told[:200], page, paint=paint)

    async def stop(self) -> None:
        """End the trace. Call this before the context is closed."""
        if self._context is None:
            return
        context = self._context
        await self._mark("the end of the session", -1, paint=True)
        with contextlib.suppress(*_LOST):
            async with asyncio.timeout(20):
                if self._open:
                    await context.tracing.group_end()
                await context.tracing.stop(path=self._raw / "raw.zip")
        self._context = None

    def keep(self) -> None:
        """Write the recording into the folder, without secrets. Incomplete files of a dying browser are not kept."""
        for file, write, suffix in (("raw.har", self._har, "har"), ("raw.zip", self._trace, "trace.zip")):
            if (self._raw / file).is_file():
                self._written(write, self._raw / file, self.folder / f"{self.name}.{suffix}")
        shutil.rmtree(self._raw, ignore_errors=True)

    @staticmethod
    def _written(write: Callable[[Path, Path], None], raw: Path, kept: Path) -> None:
        try:
            write(raw, kept)
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            kept.unlink(missing_ok=True)

    async def _mark(self, title: str, page: int, *, paint: bool) -> None:
        """Begin a group of the trace, with a snapshot at its start. The group lasts until the next one begins."""
        context = self._context
        if context is None:
            return
        with contextlib.suppress(*_LOST):
            async with asyncio.timeout(SNAPSHOT):
                if self._open:
                    await context.tracing.group_end()
                await context.tracing.group(title)
                self._open = True
                if paint and context.pages:
                    shown = (
                        context.pages[page] if -len(context.pages) <= page < len(context.pages) else context.pages[-1]
                    )
                    await shown.evaluate("document.readyState")  # any question makes Playwright take a snapshot

    def _har(self, raw: Path, kept: Path) -> None:
        recorded = self.shareable(json.loads(raw.read_text(encoding="utf-8")))
        kept.write_text(har(recorded, Spellings(self.secrets)), encoding="utf-8")

    def _trace(self, raw: Path, kept: Path) -> None:
        with zipfile.ZipFile(raw) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
            wanted, secrets = set[str](), Spellings(self.secrets)
            for name in ("trace.trace", "trace.network"):
                lines = []
                for line in filter(None, old.read(name).decode().split("\n")):
                    text, painted = trace_line(line, secrets)
                    lines.append(text)
                    wanted.add(painted)
                new.writestr(name, "\n".join(lines) + "\n")
            for entry in old.infolist():
                if entry.filename in wanted or entry.filename.removeprefix("resources/") in wanted:
                    new.writestr(entry.filename, body(old.read(entry), secrets))
