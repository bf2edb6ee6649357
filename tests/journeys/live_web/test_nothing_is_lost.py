"""What a browser says in plain words ends as a failure, although nothing of a journey was recognised."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from explorer.request.fail_on import FailOn
from explorer.run.exit_code import exit_code
from explorer.run.run_outcome import RunOutcome
from flows.incident import Confidence, Severity, Verdict
from reports.journal.events import IncidentFound, read
from tests.journeys.foreign import explored, served

APP, SOCKET, HELP = "chat.example.test", "live.example.test", "docs.example.test"

WAITING = """<!doctype html><html lang=en><title>Team chat</title><main id=main><p>Connecting…</p></main><script>
const socket = new WebSocket('SOCKET/live');
socket.onopen = () => document.getElementById('main').innerHTML =
  '<nav><a href="/help">Help centre</a></nav><h1>Lobby</h1><button>New ticket</button>';
socket.onclose = () => setTimeout(() => document.title = 'Team chat (offline)', 200);
</script></html>"""

MENU = """<!doctype html><html lang=en><title>Desk</title><nav><a href="HELP/start">Knowledge base</a> <a href="/about">About
us</a></nav><main><h1>Desk</h1><p>Welcome.</p></main></html>"""
ODD = "<!doctype html><title>Docs</title><main><a href='#'>☰</a> <canvas></canvas></main>"


def code(outcome: RunOutcome) -> int:
    return exit_code(outcome.verdicts, outcome.findings, FailOn(), (), None)


async def test_an_app_that_waits_for_a_socket_for_ever_is_shut_at_its_entry(tmp_path: Path) -> None:
    origins: dict[str, str] = {}

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/live":
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            async for _ in socket:
                pass
            return socket
        page = WAITING.replace("SOCKET", origins[SOCKET].replace("https:", "wss:"))
        return web.Response(text=page, content_type="text/html")

    async with served(answer, (APP, SOCKET), {SOCKET: "incomplete-chain"}, tmp_path) as (told, root):
        origins |= told
        outcome = await explored(origins, root, tmp_path, ("submit-ticket", "knowledge-base"))
    assert {(v.verdict, v.blocked_by, v.cause, v.host) for v in outcome.verdicts} == {
        (Verdict.BLOCKED, "entry", "incomplete-chain", SOCKET)
    }
    assert code(outcome) == 1


async def test_a_page_that_the_browser_refused_stays_proven_though_its_end_is_not_recognised(tmp_path: Path) -> None:
    origins: dict[str, str] = {}

    async def answer(request: web.Request) -> web.StreamResponse:
        page = ODD if request.host.startswith(HELP) else MENU.replace("HELP", origins[HELP])
        return web.Response(text=page, content_type="text/html")

    async with served(answer, (APP, HELP), {HELP: "self-signed"}, tmp_path) as (told, root):
        origins |= told
        outcome = await explored(origins, root, tmp_path, ("knowledge-base",))
    (verdict,) = outcome.verdicts
    assert (verdict.verdict, verdict.cause, verdict.host) == (Verdict.FAILED, "self-signed", HELP), verdict.why
    assert code(outcome) == 1
    assert not [f for f in outcome.findings if f.host == HELP and f.severity is Severity.LOW]
    incidents = [e.incident for e in read(tmp_path / "run" / "journal.jsonl") if isinstance(e, IncidentFound)]
    assert [i.confidence for i in incidents] == [Confidence.CONFIRMED]
