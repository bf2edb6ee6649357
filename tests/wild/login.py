"""The login: on a page, in a side bar, in a dialog or on a host of its own; sent by a script or by the browser."""

from __future__ import annotations

from aiohttp import web

from tests.wild.draw import Draw
from tests.wild.forms import Field, Sending, form
from tests.wild.menus import href
from tests.wild.page import standing
from tests.wild.site import LOGIN, Area, Hand, Site, View, esc, js, reply


def inside(site: Site) -> str:
    """Where the login leads."""
    return site.url["www"] + "/" if site.draw.login_place in {"sidebar", "dialog"} else href(site, "account")


def view(site: Site) -> View:
    """The form."""
    draw, t = site.draw, site.t
    url = site.url["id"] + "/session"
    auto = ("username", "current-password") if draw.names == "english" else ("", "")
    asked = (Field("user", t["user"], auto=auto[0]), Field("password", t["password"], "password", auto=auto[1]))
    script = (
        f"const a=await fetch({js(url)},{{method:'POST',credentials:'include',body:JSON.stringify(data)}});"
        f"if(a.status===401){{hint({js(t['wrong'])});busy=0;return}}if(!a.ok)throw a.status;"
        f"location.href={js(inside(site))};if(location.href.split('#')[0]===({js(inside(site))}).split('#')[0])location.reload();"
    )
    native = url if draw.login_wire == "post" else ""
    label = f"{t['login']}|{t['next']}"
    steps = "one-field" if draw.login_steps == "name-first" else "whole"
    made = form(draw, asked, Sending(label, native, script, site.failed(), t["incomplete"]), mark="l", steps=steps)
    return View(f"<h2>{esc(t['login'])}</h2>{made.html}", made.script)


async def answer(site: Site, request: web.Request) -> web.StreamResponse | None:
    """Checks the name and the password, and begins a session."""
    if (request.method, request.path) != ("POST", "/session"):
        return None
    native = site.draw.login_wire == "post"
    sent = await request.post() if native else await request.json()
    given = tuple(str(value) for value in sent.values())[:2]
    if given != LOGIN:
        if not native:
            return reply({}, status=401)
        wrong = View(f"<p role=alert>{esc(site.t['wrong'])}</p>" + view(site).html, view(site).script)
        return standing(site, "login", wrong, signed=False)
    response = web.Response(status=303, headers={"Location": inside(site)}) if native else reply({"ok": True})
    site.sign_in(response)
    return response


async def drive(hand: Hand) -> None:
    """Sign in, and see the way out."""
    at, site = hand.at, hand.site
    await at.locator("#l0").fill(LOGIN[0])
    if site.draw.login_steps == "name-first":
        await at.locator("#lon").click()
    await at.locator("#l1").fill(LOGIN[1])
    await at.locator("#lgo").click()
    await hand.page.locator('a[href$="/out"]').first.wait_for(state="attached")
    assert site.state.done["login"]


def _place(draw: Draw) -> str:
    return draw.login_place


AREA = Area("login", "id", ("login",), view, answer, drive, place=_place)
