"""An app that takes what it is given and says nothing about it: no thanks, no number, nobody who answers.

The chat goes over a socket and only a tick appears; the form empties itself; a chosen file becomes a picture without a
name. The traffic tells all the same, and a certificate that breaks one of them is not overlooked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from flows.incident import JourneyVerdict
from tests.journeys.foreign import explored, served

HOST, TALK, STORE = "quiet.test", "talk.quiet.test", "store.quiet.test"
PAGE = """<title>Quiet</title><nav><a href="/talk">Live chat</a> <a href="/write">New ticket</a> <a href="/pics">Upload</a></nav>"""
CHAT = """<h1>Chat</h1><div role=log id=l></div><form id=f><input aria-label="Your message" id=m><button>Send</button></form><script>
const w = new WebSocket("{talk}/line");
f.onsubmit = e => { e.preventDefault(); w.send(JSON.stringify({text: m.value})); m.value = "" };
w.onmessage = e => { l.insertAdjacentHTML("beforeend", "<b>✓</b>") }</script>"""
WRITE = """<h1>New ticket</h1><form id=f><label>Subject <input name=s required></label>
<label>Description <textarea name=d required></textarea></label><button>Send</button></form><script>
f.onsubmit = async e => { e.preventDefault();
await fetch("{store}/note", {method: "POST", body: JSON.stringify(Object.fromEntries(new FormData(f)))}).catch(() => 0); f.reset() }</script>"""
PICS = """<h1>Pictures</h1><form id=f><label>File <input type=file name=a></label><button>Upload</button></form><div id=t></div><script>
f.onsubmit = async e => { e.preventDefault();
const r = await fetch("{store}/pic", {method: "POST", body: new FormData(f)}).catch(() => 0);
if (r) t.insertAdjacentHTML("beforeend", "<i style='display:inline-block;width:60px;height:60px;background:#9ac'></i>") }</script>"""
WANTED = ("start-chat", "submit-ticket", "upload-attachment")


@dataclass
class Quiet:
    """What the app was given."""

    lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        cors = {"Access-Control-Allow-Origin": "*"}
        if request.path == "/line":
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            async for message in socket:
                self.lines.append(message.data)
                await socket.send_json({"stored": message.json()["text"]})
            return socket
        if request.path == "/note":
            self.notes.append(await request.text())
            return web.json_response({"id": 1}, status=201, headers=cors)
        if request.path == "/pic":
            self.pictures.append(str((await request.post())["a"].filename))  # type: ignore[union-attr]
            return web.json_response({"id": 1}, status=201, headers=cors)
        ports = {"talk": f"wss://{TALK}:{self.ports[TALK]}", "store": f"https://{STORE}:{self.ports[STORE]}"}
        body = {"/talk": CHAT, "/write": WRITE, "/pics": PICS}.get(request.path, "<h1>Quiet</h1>")
        for name, origin in ports.items():
            body = body.replace("{" + name + "}", origin)
        return web.Response(text=PAGE + body, content_type="text/html")

    ports: dict[str, str] = field(default_factory=dict)


async def outcome(app: Quiet, breaks: dict[str, str], folder: Path) -> dict[str, JourneyVerdict]:
    async with served(app.answer, (HOST, TALK, STORE), breaks, folder) as (origins, root):
        app.ports = {host: origin.rpartition(":")[2] for host, origin in origins.items()}
        told = await explored(origins, root, folder, WANTED)
    return {v.journey: v for v in told.verdicts}


async def test_what_the_servers_took_is_passed_though_no_screen_says_so(tmp_path: Path) -> None:
    app = Quiet()
    found = await outcome(app, {}, tmp_path)
    assert {name: v.verdict.value for name, v in found.items()} == dict.fromkeys(WANTED, "passed")
    assert found["start-chat"].proven[0] == "returned" and found["start-chat"].answered is False
    assert "taken" in found["submit-ticket"].proven and "taken" in found["upload-attachment"].proven
    assert len(app.lines) == len(app.notes) == len(app.pictures) == 1  # nobody has to send it again to be sure


@pytest.mark.parametrize(
    ("host", "lost"),
    [(TALK, {"start-chat"}), pytest.param(STORE, {"submit-ticket", "upload-attachment"}, marks=pytest.mark.nightly)],
)
async def test_a_certificate_that_keeps_it_from_a_server_is_blamed(host: str, lost: set[str], tmp_path: Path) -> None:
    found = await outcome(Quiet(), {host: "expired"}, tmp_path)
    assert {
        name for name, v in found.items() if (v.verdict.value, v.cause, v.host) == ("failed", "expired", host)
    } == lost
    assert {v.verdict.value for name, v in found.items() if name not in lost} == {"passed"}
