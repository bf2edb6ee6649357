"""The account: the user's own data as a list, a table or a form that is filled in, from a host of its own."""

from __future__ import annotations

from aiohttp import web
from playwright.async_api import expect

from tests.wild.draw import Draw
from tests.wild.site import LOGIN, Area, Hand, Site, View, esc, js, reply

ORDER = "A-20417"


def rows(site: Site) -> list[tuple[str, str]]:
    """What the account says."""
    return [(site.t["name"], "Ann Quist"), (site.t["email"], LOGIN[0]), (site.t["orders"], f"{ORDER}, 2026-05-02")]


def view(site: Site) -> View:
    """On a host of its own the data is in the page; elsewhere a script fetches it."""
    heading = f"<h2>{esc(site.t['account'])}</h2>"
    if site.draw.account_place == "host":
        site.state.done["account-info"] += 1
        return View(heading + _shown(site, rows(site)))
    script = (
        f"fetch({js(site.url['me'])}+'/profile',{{credentials:'include'}}).then(r=>{{if(!r.ok)throw r.status;return r.json()}})"
        f".then(r=>{{root.querySelector('#ab').innerHTML=r.html}}).catch(e=>{{{site.failed()}}});"
    )
    return View(f"{heading}<div id=ab>…</div>", script)


def _shown(site: Site, told: list[tuple[str, str]]) -> str:
    if site.draw.profile == "table":
        return "<table>" + "".join(f"<tr><th>{esc(k)}</th><td>{esc(v)}</td></tr>" for k, v in told) + "</table>"
    if site.draw.profile == "fields":
        inputs = (f"<p><label>{esc(k)} <input value='{esc(v)}' name=v{n}></label></p>" for n, (k, v) in enumerate(told))
        return "<div>" + "".join(inputs) + "</div>"
    return "<dl>" + "".join(f"<dt>{esc(k)}</dt><dd>{esc(v)}</dd>" for k, v in told) + "</dl>"


async def answer(site: Site, request: web.Request) -> web.StreamResponse | None:
    """The data, for the user only."""
    if request.path != "/profile":
        return None
    if not site.signed(request):
        return reply({}, status=401)
    site.state.done["account-info"] += 1
    return reply({"html": _shown(site, rows(site))})


async def drive(hand: Hand) -> None:
    """See an order."""
    if hand.site.draw.profile == "fields":
        await expect(hand.at.locator("input[name=v2]")).to_have_value(f"{ORDER}, 2026-05-02")
    else:
        await expect(hand.at.get_by_text(ORDER)).to_be_visible()


def _place(draw: Draw) -> str:
    return draw.account_place


AREA = Area("account", "me", ("account-info",), view, answer, drive, guarded=True, place=_place)
