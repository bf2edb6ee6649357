"""The request: its fields, in one step or one field a page, sent by the page's script or by the browser."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from playwright.async_api import expect

from tests.wild.draw import Draw
from tests.wild.forms import Field, Sending, form
from tests.wild.page import standing
from tests.wild.site import Area, Hand, Site, View, esc, js, reply

SUBJECT, MESSAGE = "No light at all", "It stays dark, whatever I press."


def fields(site: Site) -> list[Field]:
    """What this portal asks for."""
    draw, t = site.draw, site.t
    asked = [Field("name", t["name"]), Field("email", t["email"], "email"), Field("subject", t["subject"])]
    if draw.topic != "none":
        asked.insert(2, Field("topic", t["topic"], draw.topic, site.t.topics))
    if draw.dated:
        asked.append(Field("bought", t["when"], "date"))
    asked.append(Field("message", t["message"], "rich" if draw.message == "rich" else "area"))
    if draw.attach:
        asked.append(Field("attachment", t["choose"], "file"))
    if draw.agree:
        asked.append(Field("agree", t["agree"], "check"))
    return asked


def view(site: Site) -> View:
    """The form, and where its answer is shown."""
    draw, t = site.draw, site.t
    url = site.url["desk"] + "/requests"
    native = draw.ticket_wire == "post"
    after = {
        "thanks": f"q('#tform').outerHTML='<h3>'+{js(esc(t['thanks']))}+'</h3><p>'+{js(esc(t['number']))}.replace('{{n}}',r.number)+'</p>';",
        "toast": f"say({js(t['thanks'])}+' '+{js(t['number'])}.replace('{{n}}',r.number));clear();",
        "row": "const li=document.createElement('li');li.textContent=r.number+' '+data.subject;root.querySelector('#trows').append(li);clear();",
        "silent": "clear();",
    }[draw.after]
    send = (
        "const b=new FormData();for(const k in data)b.append(k,data[k]);if(file)b.append('attachment',file);"
        if draw.attach
        else "const b=JSON.stringify(data);"
    )
    script = (
        f"{send}const a=await fetch({js(url)},{{method:'POST',credentials:'include',body:b}});if(!a.ok)throw a.status;"
        f"const r=await a.json();{after}"
    )
    sending = Sending(f"{t['submit']}|{t['next']}", url if native else "", script, site.failed(), t["incomplete"])
    made = form(draw, fields(site), sending, mark="t", steps=draw.steps)
    rows = "<ul id=trows></ul>" if draw.after == "row" else ""
    return View(f"<h2>{esc(t['ticket'])}</h2>{made.html}{rows}", made.script)


async def answer(site: Site, request: web.Request) -> web.StreamResponse | None:
    """Takes a request; a page if the browser sent it, data if a script did."""
    if (request.method, request.path) != ("POST", "/requests"):
        return None
    native = site.draw.ticket_wire == "post"
    sent: Any = await request.post() if native or site.draw.attach else await request.json()
    given = {field.name: sent.get(_wire_name(site.draw, field, native=native), "") for field in fields(site)}
    if not (str(given["subject"]).strip() and str(given["message"]).strip()):
        return reply({"wrong": "subject"}, status=422)
    site.state.requests.append(str(given["subject"]))
    site.state.done["submit-ticket"] += 1
    file = given.get("attachment")
    if isinstance(file, web.FileField) and file.filename:
        site.state.done["upload-attachment"] += 1
    number = f"R-{20480 + len(site.state.requests)}"
    if not native:
        return reply({"number": number}, status=201)
    done = f"<h2>{esc(site.t['thanks'])}</h2><p>{esc(site.t['number'].replace('{n}', number))}</p>"
    return standing(site, "desk", View(done), signed=site.signed(request), bare=site.draw.ticket_place == "frame")


def _wire_name(draw: Draw, field: Field, *, native: bool) -> str:
    opaque = native and draw.names == "opaque" and field.kind not in {"check", "radio"}
    return f"f_{sum(field.name.encode()) % 97}" if opaque else field.name


async def drive(hand: Hand) -> None:
    """Fill it in, send it, and see what the portal shows."""
    at, draw, site = hand.at, hand.site.draw, hand.site
    before = site.state.done["submit-ticket"]
    asked = fields(site)
    for n, field in enumerate(asked):
        await _fill(hand, field, f"#t{n}")
        if draw.steps == "one-field" and n < len(asked) - 1:
            await at.locator("#ton").click()
    await at.locator("#tgo").click()
    if draw.after == "silent":
        await expect(at.locator("#t0")).to_have_value("")
    elif draw.after == "row":
        await expect(at.locator("#trows")).to_contain_text(SUBJECT)
    else:
        await expect(at.get_by_text("R-20").first).to_be_visible()
    assert site.state.done["submit-ticket"] == before + 1


async def _fill(hand: Hand, field: Field, at: str) -> None:
    one = hand.at.locator(at)
    text = {"email": "ann@desk.test", "subject": SUBJECT, "message": MESSAGE, "bought": "2026-05-02"}
    if field.kind == "select":
        await one.select_option("1")
    elif field.kind == "radio":
        await one.locator("input").nth(1).check()
    elif field.kind == "check":
        await one.check()
    elif field.kind == "file":
        await one.set_input_files({"name": "light.txt", "mimeType": "text/plain", "buffer": b"dark"})
    elif field.kind == "combobox":
        await one.click()
        await hand.at.locator(f"{at}list [role=option]").nth(1).click()
    else:
        await one.fill(text.get(field.name, "Ann Quist"))


def _place(draw: Draw) -> str:
    return draw.ticket_place


AREA = Area("ticket", "desk", ("submit-ticket",), view, answer, drive, place=_place)
