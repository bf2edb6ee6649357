"""An app that echoes the password wherever it can: nothing of it is left in the run's folder."""

from __future__ import annotations

import html
import json
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web

from explorer.request.credential import Login
from explorer.request.spelling import Spellings
from reports import FORMATS, render
from reports.journal.events import RunFinished, StepTaken, read
from tests.journeys.foreign import explored, served
from tests.journeys.login_traps import PASSWORD, USER, form


async def answer(request: web.Request) -> web.StreamResponse:
    """A login by GET that is wrong, in a page that tells everything."""
    if request.path.startswith(("/api", "/img")):
        return web.Response(status=500)
    word = request.query.get("password", "")
    if not word:
        body = form("/login", method="get") if request.path == "/login" else "<nav><a href=/login>Log in</a></nav>"
        return web.Response(text=f"<!doctype html><html lang=en><title>Desk</title>{body}", content_type="text/html")
    shown, path, script = html.escape(word), quote(word, safe=""), json.dumps(word).replace("<", "\\u003c")
    text = f"""<!doctype html><html lang=en><title>Hello {shown}</title><h1>Hello {shown}</h1>
<div role=alert>Login failed: wrong password {shown}</div><a href="/next/{path}?token={path}#{path}">Again {shown}</a>
<iframe src="/in/{path}" title="{shown}"></iframe><img src="/img/{path}.png" alt="{shown}">
<script>const w={script};console.error('pw '+w);fetch('/api/'+encodeURIComponent(w));document.cookie='pw='+btoa(unescape(encodeURIComponent(w)));
setTimeout(()=>{{throw new Error('x '+w)}},10)</script>{form("/login", f'<input name=again value="{shown}">', "get")}"""
    return web.Response(text=text, content_type="text/html")


def texts(folder: Path) -> dict[str, str]:
    """All files of a run as text, those in archives too."""
    found: dict[str, str] = {}
    for file in filter(Path.is_file, folder.rglob("*")):
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                found |= {f"{file.name}/{n}": archive.read(n).decode("utf-8", "replace") for n in archive.namelist()}
        else:
            found[str(file.relative_to(folder))] = file.read_bytes().decode("utf-8", "replace")
    return found


async def test_no_file_of_the_run_holds_the_password(tmp_path: Path) -> None:
    async with served(answer, ("desk.com",), {}, tmp_path) as (origins, root):
        wanted = ("login", "knowledge-base")
        more: dict[str, Any] = {
            "screenshots": True,
            "audit": True,
            "evidence": frozenset({"har", "trace", "film"}),
            "steps": 15,
        }
        await explored(origins, root, tmp_path, wanted, login=Login.of(USER, PASSWORD), **more)
    run = tmp_path / "run"
    with (run / "journal.jsonl").open("a", encoding="utf-8") as journal:
        journal.write(json.dumps({"type": "run-finished", "finished": 1.0, "exit_code": 1}) + "\n")
    render(run, tuple(FORMATS), run)
    secret = Spellings([PASSWORD], [f"{USER}:{PASSWORD}"])
    files = texts(run)
    assert {"journal.jsonl", "report.html", "report.json", "graph.json", "graph.graphml"} <= files.keys()
    assert [name for name, text in files.items() if secret.shown(text)] == []
    events = list(read(run / "journal.jsonl"))
    assert isinstance(events[-1], RunFinished)
    shown = [e.step for e in events if isinstance(e, StepTaken) and e.step.title == "Hello …"]
    assert shown and not any(s.screenshot for s in shown), "no picture of a screen that shows it"
