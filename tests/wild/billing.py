"""The invoice, and the way to the card form at the provider: a link, a form of the browser's, a frame in a dialog."""

from __future__ import annotations

from aiohttp import web
from playwright.async_api import expect

from tests.wild.forms import Field, Sending, form
from tests.wild.page import standing
from tests.wild.site import Area, Hand, Site, View, esc, js


def view(site: Site) -> View:
    """One open invoice."""
    t, url = site.t, site.url["pay"] + "/checkout"
    head = f"<h2>{esc(t['billing'])}</h2><p>{esc(t['plan'])} <b>49,00 €</b></p>"
    if site.draw.pay == "link":
        return View(f'{head}<a id=pb href="{url}">{esc(t["pay"])}</a>')
    if site.draw.pay == "post":
        return View(
            f'{head}<form method=post action="{site.url["www"]}/pay"><button id=pb>{esc(t["pay"])}</button></form>'
        )
    frame = f'<div role=dialog aria-modal=true class=dlg><iframe id=pf src="{url}" style="width:420px" title="{esc(t["pay"])}"></iframe></div>'
    script = f"root.querySelector('#pb').onclick=()=>root.querySelector('#pd').innerHTML={js(frame)};"
    return View(f"{head}<button type=button id=pb>{esc(t['pay'])}</button><div id=pd></div>", script)


async def answer(site: Site, request: web.Request) -> web.StreamResponse | None:
    """The provider's form. Nobody pays here."""
    if request.path != "/checkout":
        return None
    site.state.done["payment"] += 1
    t = site.t
    asked = (
        Field("holder", t["holder"], auto="cc-name"),
        Field("number", t["card"], auto="cc-number"),
        Field("expiry", t["expiry"], auto="cc-exp"),
        Field("code", t["code"], auto="cc-csc"),
    )
    made = form(site.draw, asked, Sending(t["pay"], site.url["pay"] + "/paid"), mark="p")
    return standing(site, "pay", View(f"<h2>{esc(t['pay'])}</h2>{made.html}", made.script), signed=True, bare=True)


async def drive(hand: Hand) -> None:
    """Get to the card form, and fill it in."""
    await hand.at.locator("#pb").click()
    there = hand.page.frame_locator("#pf") if hand.site.draw.pay == "frame" else hand.page
    await there.locator("#p1").fill("4242424242424242")
    await expect(there.locator("#p1")).to_have_value("4242424242424242")


AREA = Area("billing", "pay", ("payment",), view, answer, drive, guarded=True)
