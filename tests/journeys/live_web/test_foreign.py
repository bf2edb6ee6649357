"""A small app in a manner that the demo has not: what is blamed when one host is broken, and what is not.

Hash routing, a cookie banner, a search box, a newsletter form, inline validation, a toast that vanishes after two
seconds, polling without end; the API and the statistics live on hosts of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from flows.incident import JourneyVerdict, Verdict
from tests.journeys.foreign import explored, served

PAGE = """<!doctype html><html lang=de><title>Stadtwerke</title>
<header><form role=search><input type=search name=q placeholder="Suchbegriff eingeben"><button>Suchen</button></form>
<nav><a href="#/">Startseite</a> <a href="#/anliegen">Anliegen melden</a> <a href="#/hilfe">Hilfe</a></nav></header>
<main id=main></main>
<footer><form id=news><label>E-Mail für den Newsletter <input type=email name=mail></label><button>Abonnieren</button></form></footer>
<div id=cookies role=dialog aria-label=Cookies>Wir verwenden Cookies. <button onclick="this.parentNode.remove()">Alle akzeptieren</button></div>
<script src="STAT/count.js"></script>
<script>
const main = document.getElementById('main'), beat = () => { new Image().src = 'STAT/beat?' + Math.random() };
setInterval(beat, 700);
setInterval(() => fetch('/poll').catch(() => 0), 500);
function toast(text) {
  const t = document.createElement('div'); t.setAttribute('role', 'status'); t.textContent = text;
  document.body.append(t); setTimeout(() => t.remove(), 2000);
}
const views = {
  '#/anliegen': `<h1>Anliegen melden</h1><form id=ask novalidate><label>Betreff <input name=s required></label>
    <label>Beschreibung <textarea name=m required></textarea></label><p id=hint></p><button>Absenden</button></form>`,
  '#/hilfe': '<h1>Hilfe</h1><p>' + 'Den Zählerstand lesen Sie am Gerät ab und tragen ihn in das Formular ein. '.repeat(9) + '</p>',
};
function show() {
  main.innerHTML = views[location.hash] || '<h1>Guten Tag</h1><p>Was können wir für Sie tun?</p>';
  const form = document.getElementById('ask');
  if (form) form.onsubmit = async event => {
    event.preventDefault(); beat();
    if (!form.s.value || !form.m.value) { document.getElementById('hint').textContent = 'Bitte ausfüllen'; return }
    try {
      const answer = await fetch('API/anliegen', {method: 'POST', body: form.m.value});
      if (!answer.ok) throw 1;
      form.reset(); toast('Vielen Dank. Ihr Anliegen wurde unter der Nummer ' + await answer.text() + ' angelegt.');
    } catch { toast('Das Anliegen konnte nicht gesendet werden.') }
  };
}
addEventListener('hashchange', show); show();
</script></html>"""
HOSTS = ("app.stadt.test", "api.stadt.test", "stat.stadt.test")


@dataclass(frozen=True)
class Case:
    """What is broken, and what must come of the two journeys that the app has; every other one is blamed on nothing."""

    name: str
    breaks: dict[str, str] = field(default_factory=dict)
    status: int = 200
    ticket: tuple[Verdict, str, str] = (Verdict.PASSED, "", "")


CASES = (
    Case("healthy"),
    Case("statistics broken", {"stat.stadt.test": "expired"}),
    Case("api broken", {"api.stadt.test": "self-signed"}, ticket=(Verdict.FAILED, "self-signed", "api.stadt.test")),
    Case(
        "api answers 500 beside broken statistics", {"stat.stadt.test": "expired"}, 500, (Verdict.FAILED, "other", "")
    ),
)


async def verdicts_of(case: Case, folder: Path) -> dict[str, JourneyVerdict]:
    origins: dict[str, str] = {}

    async def answer(request: web.Request) -> web.Response:
        headers = {"Access-Control-Allow-Origin": "*"}
        if request.path == "/anliegen":
            return web.Response(status=case.status, text="AZ-4711", headers=headers)
        if request.path == "/":
            page = PAGE.replace("API", origins["api.stadt.test"]).replace("STAT", origins["stat.stadt.test"])
            return web.Response(text=page, content_type="text/html")
        return web.Response(text="1", content_type="text/javascript", headers=headers)

    async with served(answer, HOSTS, case.breaks, folder) as (told, root):
        origins |= told
        wanted = ("submit-ticket", "knowledge-base", "start-chat")
        outcome = await explored(told, root, folder, wanted, allow_origins=tuple(told.values()))
    return {v.journey: v for v in outcome.verdicts}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
async def test_a_foreign_app_is_blamed_for_what_is_broken_and_for_no_more(case: Case, tmp_path: Path) -> None:
    verdicts = await verdicts_of(case, tmp_path)
    ticket = verdicts.pop("submit-ticket")
    assert (ticket.verdict, ticket.cause, ticket.host) == case.ticket, ticket.why
    assert not [v for v in verdicts.values() if v.cause], "a journey that needs no broken host is blamed on none"
    assert verdicts["start-chat"].verdict is Verdict.NOT_FOUND  # neither the search nor the newsletter is one
