"""The chat: over a socket or by polling, at once or after a press or a form, with a button or with Enter only."""

from __future__ import annotations

from aiohttp import WSMsgType, web
from playwright.async_api import expect

from tests.wild.draw import Draw
from tests.wild.forms import PLANE, Field, Sending, form
from tests.wild.site import Area, Hand, Site, View, esc, js, reply

LINE = "Good day, the light of my device stays red."


def view(site: Site) -> View:
    """Log and input; hidden until it is opened, where one has to open it."""
    draw, t = site.draw, site.t
    closed = "" if draw.chat_opening == "at-once" else "class=hidden"
    if draw.chat_input == "rich-icon":
        box = f'<div id=cl contenteditable=true role=textbox aria-label="{esc(t["write"])}" class=rich></div>'
        box += f'<button type=button id=cs aria-label="{esc(t["send"])}">{PLANE}</button>'
    elif draw.chat_input == "line-enter":
        box = f'<input id=cl placeholder="{esc(t["write"])}">'
    else:
        box = f'<textarea id=cl rows=2 placeholder="{esc(t["write"])}"></textarea>'
        box += f"<button type=button id=cs>{esc(t['send'])}</button>" if draw.chat_input == "area-button" else ""
    inner = f"<div id=cb {closed}><div role=log id=cg></div>{box}</div>"
    before = View("")
    if draw.chat_opening == "press":
        before = View(
            f"<button type=button id=co>{esc(t['start'])}</button>", "root.querySelector('#co').onclick=open;"
        )
    elif draw.chat_opening == "form-first":
        fields = (Field("name", t["name"], auto="name"), Field("email", t["email"], "email", auto="email"))
        sending = Sending(t["start"], script="open();", failed="throw e", incomplete=t["incomplete"])
        asked = form(draw, fields, sending, mark="cf")
        before = View(f"<div id=co>{asked.html}</div>", asked.script)
    heading = f"<h2>{esc(t['chat'])}</h2>"
    return View(heading + before.html + inner, _script(site) + before.script)


def _script(site: Site) -> str:
    base = site.url["chat"]
    wire = _SOCKET if site.draw.chat_wire == "socket" else _POLLING
    start = "open();" if site.draw.chat_opening == "at-once" else ""
    begun = _COMMON.replace("WIRE", wire.replace("BASE", js(base)).replace("FAILED", site.failed()))
    return begun + start


_COMMON = """
const c=s=>root.querySelector(s); const add=(t,mine)=>{const d=document.createElement('div');d.className=mine?'mine':'theirs';d.textContent=t;c('#cg').append(d)};
let send=()=>{}; let opened=0;
function open(){ if(opened++)return; c('#cb').classList.remove('hidden'); if(c('#co'))c('#co').classList.add('hidden'); WIRE }
const say_=()=>{const e=c('#cl'),t=(e.value===undefined?e.innerText:e.value).trim(); if(!t)return; if(send(t)===false)return; if(e.value===undefined)e.innerText='';else e.value=''};
if(c('#cs'))c('#cs').onclick=say_;
c('#cl').addEventListener('keydown',e=>{if(e.key==='Enter'&&!e.shiftKey){e.preventDefault();say_()}});
"""
_SOCKET = """
const w=new WebSocket(BASE.replace('https','wss')+'/live'); w.onmessage=e=>add(JSON.parse(e.data).text,0);
w.onerror=e=>{FAILED}; send=t=>{ if(w.readyState!==1)return false; w.send(JSON.stringify({text:t})); add(t,1) };
"""
_POLLING = """
let seen=0; const poll=async()=>{try{const r=await fetch(BASE+'/poll?since='+seen,{credentials:'include'});for(const t of await r.json()){seen++;add(t,0)}}catch(e){}};
fetch(BASE+'/open',{method:'POST',credentials:'include'}).then(poll).catch(e=>{FAILED}); setInterval(poll,900);
send=t=>{ fetch(BASE+'/say',{method:'POST',credentials:'include',body:JSON.stringify({text:t})}).then(()=>{add(t,1);poll()}).catch(e=>{FAILED}) };
"""


async def answer(site: Site, request: web.Request) -> web.StreamResponse | None:
    """The wire's other end."""
    if request.path == "/live":
        return await _live(site, request)
    if request.path == "/open":
        site.state.lines.append(site.t["hello"])
        return reply({})
    if request.path == "/say":
        site.state.lines.append(site.t["reply"])
        _said(site, (await request.json())["text"])
        return reply({})
    if request.path == "/poll":
        return reply(site.state.lines[int(request.query.get("since", "0")) :])
    return None


async def _live(site: Site, request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(heartbeat=20.0)
    await socket.prepare(request)
    await socket.send_json({"text": site.t["hello"]})
    async for message in socket:
        if message.type is WSMsgType.TEXT:
            _said(site, message.json()["text"])
            await socket.send_json({"text": site.t["reply"]})
    return socket


def _said(site: Site, text: str) -> None:
    if text.strip():
        site.state.done["start-chat"] += 1


async def drive(hand: Hand) -> None:
    """Open it, say a line, and see the answer."""
    at, draw = hand.at, hand.site.draw
    if draw.chat_opening == "press":
        await at.locator("#co").click()
    elif draw.chat_opening == "form-first":
        await at.locator("#cf0").fill("Ann Quist")
        await at.locator("#cf1").fill("ann@desk.test")
        await at.locator("#cfgo").click()
    await expect(at.get_by_text(hand.site.t["hello"]).first).to_be_visible()
    await at.locator("#cl").fill(LINE)
    if draw.chat_input in {"area-button", "rich-icon"}:
        await at.locator("#cs").click()
    else:
        await at.locator("#cl").press("Enter")
    await expect(at.get_by_text(LINE)).to_be_visible()
    await expect(at.get_by_text(hand.site.t["reply"]).first).to_be_visible()


def _place(draw: Draw) -> str:
    return draw.chat_place


AREA = Area("chat", "chat", ("start-chat",), view, answer, drive, place=_place)
