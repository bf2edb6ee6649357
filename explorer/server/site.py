"""The state that all requests share: the index, the queue, the uploads, the viewers and the templates."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from explorer.request.errors import FIELDS
from explorer.server.choices import DeviceFinder
from explorer.server.index import Index
from explorer.server.jobs import Queue
from explorer.server.live import Broadcast, Live
from explorer.server.run_facts import RunFacts, lines
from explorer.server.run_files import Pictures
from explorer.server.settings import Settings
from explorer.server.uploads import Uploads
from reports import FORMATS, render
from reports.difference import told
from reports.page_model import SYMBOLS
from reports.summary import cause_title
from reports.text_display import count, day, fitted, minute, shown, without_values
from reports.web_page import WORDS

_SYMBOLS = {verdict.value: symbol for verdict, symbol in SYMBOLS.items()}
_WORDS = {verdict.value: word for verdict, word in WORDS.items()}
STATES = {
    "queued": "waiting",
    "running": "running",
    "done": "finished",
    "incomplete": "incomplete",
    "refused": "not begun",
}


@cache
def environment() -> Environment:
    """The Jinja environment of the page templates. It escapes all text and makes control characters visible."""
    folder = resources.files("explorer.server") / "templates"
    made = Environment(
        loader=FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=lambda value: shown(value) if type(value) is str else value,
    )
    made.filters |= {
        "minute": minute,
        "day": day,
        "url": without_values,
        "fit": fitted,
        "cause": lambda c: cause_title(c) if c else "",
        "said": lambda v: _WORDS.get(v, v),
        "symbol": lambda v: _SYMBOLS.get(v, "?"),
        "state": lambda s: STATES.get(s, s),
        "days": lambda moment: int((moment - time.time()) // 86_400),
        "told": told,
    }
    made.globals |= {"count": count, "formats": FORMATS, "fields": FIELDS}
    return made


@dataclass(slots=True)
class Site:
    """The state of one server.

    `rendering` is a lock: only one report is rendered at a time, because rendering occupies a core."""

    settings: Settings
    index: Index
    queue: Queue
    uploads: Uploads
    devices: DeviceFinder
    templates: Environment = field(default_factory=environment)
    broadcasts: dict[str, Broadcast] = field(default_factory=dict)
    pictures: Pictures = field(default_factory=Pictures)
    rendering: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    @asynccontextmanager
    async def opened(cls, settings: Settings) -> AsyncIterator[Site]:
        """Open the site and run its queue until the context is left."""
        settings.runs.mkdir(parents=True, exist_ok=True)
        index = Index(settings.runs, settings.own / "index.sqlite3")
        try:
            async with Queue(settings, index) as queue:
                uploads = Uploads(settings.uploads, settings.upload_limit)
                yield cls(settings, index, queue, uploads, DeviceFinder(settings.devices_file))
        finally:
            index.close()

    def page(self, template: str, status: int = 200, /, **context: Any) -> HTMLResponse:
        return HTMLResponse(self.templates.get_template(template).render(**context), status)

    def message(self, status: int, title: str, text: str) -> HTMLResponse:
        """An error page with links back."""
        return self.page("message.html.j2", status, title=title, text=text)

    def broadcast(self, run: str, folder: Path) -> Broadcast:
        """The reader of a run's journal that all viewers share."""
        if run not in self.broadcasts:
            for old in [name for name in self.broadcasts if (facts := self.index.get(name)) is None or facts.over]:
                self.broadcasts.pop(old)
            self.broadcasts[run] = Broadcast(Live(folder), lambda live: self.live(run, live), lambda: self.is_over(run))
        return self.broadcasts[run]

    async def known(self, run: str) -> tuple[Path, RunFacts] | None:
        """A run's folder and its facts, read now if necessary. None if there is no such run."""
        folder = self.index.folder(run)
        if folder is not None and self.index.get(run) is None:
            await self.index.refresh_one(run, alive=run in self.queue.workers)
        facts = self.index.get(run)
        return None if folder is None or facts is None else (folder, facts)

    def is_over(self, run: str) -> bool:
        facts = self.index.get(run)
        return facts is None or facts.over

    def live(self, run: str, live: Live) -> str:
        """The part of a run's page that changes while it runs."""
        facts = self.index.get(run)
        worker = self.queue.workers.get(run)
        return self.templates.get_template("live.html.j2").render(
            run=run,
            live=live,
            graph=live.picture(),
            facts=facts,
            stopping=bool(worker and worker.asked),
            ours=worker is not None,
            position=self.queue.position(run),
            needs_login=self.queue.waits_for_login(run),
        )

    async def history(self) -> list[dict[str, Any]]:
        """The contents of the history page: the runs of each target, and its verdicts over time, oldest on the left."""
        await self.index.refresh(self.queue.workers)
        return [_history(line.target, line.runs, line.changes) for line in lines(self.index.all())]

    async def told(self, folder: Path, form: str) -> str:
        """A run's report as text: its file or, without one, a new rendering of the journal. Raises JournalError."""
        file = folder / FORMATS[form].file
        if file.is_file() and not file.is_symlink():
            return await asyncio.to_thread(file.read_text, "utf-8")
        async with self.rendering:
            return (await asyncio.to_thread(render, folder, (form,), None))[form]


STRIP = 14
"""The history page shows the verdicts of this many runs of a target: the newest ones that have verdicts."""


def _history(target: str, runs: tuple[RunFacts, ...], changes: dict[str, Any]) -> dict[str, Any]:
    judged = [run for run in runs if run.cells][:STRIP][::-1]
    rows: dict[tuple[str, str], str] = {}
    for run in judged:
        rows |= {(cell.journey, cell.device): cell.title for cell in run.cells}
    several = len({device for _, device in rows}) > 1
    by_run = [{(c.journey, c.device): c for c in run.cells} for run in judged]
    strip = [
        {
            "title": f"{title} · {device}" if several else title,
            "cells": [(run, cells.get((journey, device))) for run, cells in zip(judged, by_run, strict=True)],
        }
        for (journey, device), title in rows.items()
    ]
    newest = next((run for run in runs if run.certificates), None)
    certificates = sorted(newest.certificates, key=lambda c: c.expires)[:6] if newest else []
    return {
        "target": target,
        "runs": runs,
        "strip": strip,
        "judged": judged,
        "changes": changes,
        "certificates": certificates,
    }


def site_of(request: Request) -> Site:
    site = request.app.state.site
    assert isinstance(site, Site)
    return site
