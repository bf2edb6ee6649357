"""A counter-proof on a public target lets a host past; the login goes there only if the host is shown to be itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from explorer.request.credential import Login
from explorer.run.run_outcome import RunOutcome
from flows.incident import Confidence
from reports.journal.events import IncidentFound, read
from tests.journeys.foreign import explored, served

USER, PASSWORD = "annabel.quist@desk.com", "Tr0ub4dor & 3/ü"
OWN, API = "portal.desk.com", "api.desk.com"
FORM = """<h1>Log in</h1><form method=post action=/signin><label>User name <input name=user autocomplete=username></label>
<label>Password <input type=password name=password></label><button>Log in</button></form>"""
ACCOUNT = """<nav><a href=/>Home</a> <a href=/account>My account</a> <a href=/out>Log out</a></nav><h1>My account</h1>
<div id=d></div><script>fetch('%s/me',{credentials:'include'}).then(r=>r.json()).then(me=>{d.innerHTML=
'<table><tr><th>Name</th><td>'+me.name+'</td></tr><tr><th>Orders</th><td>'+me.order+'</td></tr></table>'})
.catch(()=>{d.outerHTML='<p role=alert>We could not load your account.</p>'})</script>"""


@dataclass(slots=True)
class Portal:
    """Its account page asks a host of its own, with the cookie of the login. `sent` is what reached which host."""

    origins: dict[str, str] = field(default_factory=dict)
    tries: int = 0
    cookies: list[str] = field(default_factory=list)
    asked: int = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.host.startswith(API):
            self.asked += 1
            self.cookies.append(request.headers.get("Cookie", ""))
            allow = {"Access-Control-Allow-Origin": self.origins[OWN], "Access-Control-Allow-Credentials": "true"}
            return web.json_response({"name": "Annabel Quist", "order": "A-20417, 2026-05-02"}, headers=allow)
        inside = "session=" in request.headers.get("Cookie", "")
        if request.method == "POST":
            self.tries += 1
            answer = web.Response(status=303, headers={"Location": "/"})
            answer.set_cookie("session", "0123456789abcdef", domain="desk.com", secure=True, samesite="Lax")
            return answer
        if request.path == "/account" and inside:
            return _page(ACCOUNT % self.origins[API])
        if request.path in ("/account", "/signin") and not inside:
            return _page(FORM)
        doors = "<a href=/out>Log out</a>" if inside else "<a href=/signin>Log in</a>"
        return _page(f"<nav><a href=/account>My account</a> {doors}</nav><h1>Portal</h1><p>Welcome.</p>")


def _page(body: str) -> web.Response:
    text = f"<!doctype html><html lang=en><title>Desk</title><body>{body}</body></html>"
    return web.Response(text=text, content_type="text/html")


async def broken(fault: str, folder: Path) -> tuple[Portal, RunOutcome]:
    portal = Portal()
    async with served(portal.answer, [OWN, API], {API: fault}, folder) as (origins, root):
        portal.origins = origins
        login = Login.of(USER, PASSWORD)
        outcome = await explored(origins, root, folder, ("login", "account-info"), login=login, test_system=False)
    return portal, outcome


@pytest.mark.parametrize(("fault", "tries", "healed"), [("self-signed", 1, False), ("expired", 2, True)])
async def test_a_server_that_may_be_anybody_gets_neither_the_login_nor_its_cookies(
    fault: str, tries: int, healed: bool, tmp_path: Path
) -> None:
    portal, outcome = await broken(fault, tmp_path)
    verdict = next(v for v in outcome.verdicts if v.journey == "account-info")
    assert (verdict.verdict.value, str(verdict.cause)) == ("failed", fault)
    events = list(read(tmp_path / "run" / "journal.jsonl"))
    confidence = {e.incident.confidence for e in events if isinstance(e, IncidentFound)}
    assert confidence == ({Confidence.CONFIRMED} if healed else {Confidence.HIGH})
    assert portal.tries == tries
    assert any("session" in cookie for cookie in portal.cookies) is healed
