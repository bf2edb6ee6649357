"""The files: chosen and sent in a form, at once, by a drop area or after a dialog; fetched as an attachment, in a tab, as a blob."""

from __future__ import annotations

from aiohttp import web
from playwright.async_api import expect

from tests.wild.draw import Draw
from tests.wild.forms import TAP
from tests.wild.site import Area, Hand, Site, Stored, View, esc, js, reply

NAME = "walkthrough-note.txt"


def view(site: Site) -> View:
    """The list with a way to fetch each file, and what sends one."""
    t, base = site.t, site.url["store"]
    rows = "".join(_row(site, n, stored) for n, stored in enumerate(site.state.files))
    html = f"<h2>{esc(t['files'])}</h2>{_sender(site)}<ul id=fl>{rows}</ul><div id=fd></div>"
    word, tap = js(esc(t["download"])), site.draw.download
    new = {
        "attachment": f"'<a href=\"'+{js(base)}+'/d/'+r.id+'\">'+{word}+'</a>'",
        "tab": f"'<a href=\"'+{js(base)}+'/d/'+r.id+'\">'+r.name+'</a>'",
        "blob": f"'<button type=button data-d='+r.id+'>'+{word}+'</button>'",
    }[tap]
    script = _SCRIPT.replace("BASE", js(base)).replace("NEW", new).replace("FAILED", site.failed())
    script = script.replace("DONE", js(t["uploaded"])).replace("SENDING", _SENDING[site.draw.upload])
    return View(html, script.replace("CANCEL", js(esc(t["cancel"]))).replace("SEND", js(esc(t["send"]))))


def _row(site: Site, number: int, stored: Stored) -> str:
    href, word = f"{site.url['store']}/d/{number}", esc(site.t["download"])
    if site.draw.download == "blob":
        return f"<li>{esc(stored.name)} <button type=button data-d={number}>{word}</button></li>"
    if site.draw.download == "tab":
        return f'<li><a href="{href}">{esc(stored.name)}</a></li>'
    return f'<li>{esc(stored.name)} <a href="{href}">{word}</a></li>'


def _sender(site: Site) -> str:
    t = site.t
    if site.draw.upload == "form":
        return (
            f"<form id=fu><label>{esc(t['choose'])} <input type=file id=ff></label> "
            f"<button id=fs>{esc(t['upload'])}</button></form>"
        )
    if site.draw.upload == "drop":
        return (
            f"<div id=fz class=zone tabindex=0 style='cursor:pointer'>{esc(t['drop'])}"
            "<input type=file id=ff class=hidden></div>"
        )
    if site.draw.upload == "dialog":
        return f"<button type=button id=fz>{esc(t['upload'])}</button><input type=file id=ff class=hidden>"
    return f"<label style='{TAP}'>{esc(t['upload'])}<input type=file id=ff class=hidden></label>"


_SCRIPT = """
const q=s=>root.querySelector(s);
const up=async file=>{ const b=new FormData();b.append('file',file);
 try{const a=await fetch(BASE+'/up',{method:'POST',credentials:'include',body:b}); if(!a.ok)throw a.status; const r=await a.json();
  const li=document.createElement('li');li.textContent=r.name+' ';li.insertAdjacentHTML('beforeend',NEW);q('#fl').append(li);say(DONE)}catch(e){FAILED} };
q('#fl').addEventListener('click',async e=>{const b=e.target.closest('[data-d]');if(!b)return;
 try{const a=await fetch(BASE+'/d/'+b.dataset.d,{credentials:'include'});if(!a.ok)throw a.status;const l=document.createElement('a');l.href=URL.createObjectURL(await a.blob());l.download=b.parentNode.firstChild.textContent.trim();l.click()}catch(e){FAILED} });
SENDING
"""
_SENDING = {
    "form": "q('#fu').addEventListener('submit',e=>{e.preventDefault();if(q('#ff').files[0])up(q('#ff').files[0])});",
    "at-once": "q('#ff').addEventListener('change',e=>{if(e.target.files[0])up(e.target.files[0])});",
    "drop": """q('#fz').addEventListener('click',e=>{if(e.target.id!=='ff')q('#ff').click()});q('#ff').addEventListener('change',e=>{if(e.target.files[0])up(e.target.files[0])});
q('#fz').addEventListener('dragover',e=>e.preventDefault());q('#fz').addEventListener('drop',e=>{e.preventDefault();if(e.dataTransfer.files[0])up(e.dataTransfer.files[0])});""",
    "dialog": """q('#fz').addEventListener('click',()=>q('#ff').click());q('#ff').addEventListener('change',e=>{const f=e.target.files[0];if(!f)return;
q('#fd').innerHTML='<div role=dialog aria-modal=true class=dlg><p></p><button type=button class=no>'+CANCEL+'</button><button type=button class=yes>'+SEND+'</button></div>';
q('#fd p').textContent=f.name;q('#fd .no').onclick=()=>q('#fd').innerHTML='';q('#fd .yes').onclick=()=>{up(f);q('#fd').innerHTML=''}});""",
}


async def answer(site: Site, request: web.Request) -> web.StreamResponse | None:
    """Stores a file, or gives one."""
    if request.path == "/up":
        sent = (await request.post()).get("file")
        if not isinstance(sent, web.FileField):
            return reply({}, status=422)
        site.state.files.append(Stored(sent.filename, sent.file.read()))
        site.state.done["upload-attachment"] += 1
        return reply({"id": len(site.state.files) - 1, "name": sent.filename}, status=201)
    kind, _, number = request.path.strip("/").partition("/")
    if kind != "d" or not number.isdecimal() or int(number) >= len(site.state.files):
        return None
    site.state.done["download-attachment"] += 1
    stored = site.state.files[int(number)]
    if site.draw.download == "tab":
        return web.Response(body=stored.content, content_type="text/plain")
    headers = {"Content-Disposition": 'attachment; filename="note.txt"'}
    return web.Response(body=stored.content, content_type="application/octet-stream", headers=headers)


async def drive(hand: Hand) -> None:
    """Send a file, see it listed, and fetch the first one."""
    at, draw, state = hand.at, hand.site.draw, hand.site.state
    file = {"name": NAME, "mimeType": "text/plain", "buffer": b"It stays dark."}
    if draw.upload in {"drop", "dialog"}:
        async with hand.page.expect_file_chooser() as chosen:
            await at.locator("#fz").click()
        await (await chosen.value).set_files(file)  # type: ignore[arg-type]
    else:
        await at.locator("#ff").set_input_files(file)  # type: ignore[arg-type]
    if draw.upload == "form":
        await at.locator("#fs").click()
    elif draw.upload == "dialog":
        await at.locator("#fd .yes").click()
    await expect(at.locator("#fl")).to_contain_text(NAME)
    before = state.done["download-attachment"]
    link = at.locator("#fl li").first.locator("a, button")
    if draw.download == "tab":
        async with hand.page.context.expect_page() as opened:
            await link.click(modifiers=["Control"])
        await (await opened.value).get_by_text("Invoice 2041").first.wait_for()
        await (await opened.value).close()
    else:
        async with hand.page.expect_download() as coming:
            await link.click()
        await (await coming.value).path()
    assert state.done["download-attachment"] == before + 1


def _place(draw: Draw) -> str:
    return draw.files_place


AREA = Area("files", "store", ("upload-attachment", "download-attachment"), view, answer, drive, place=_place)
