"""The articles: folded in place, in a dialog, in a pane beside the list, or on pages of their own."""

from __future__ import annotations

from aiohttp import web
from playwright.async_api import expect

from tests.wild.draw import Draw
from tests.wild.page import standing
from tests.wild.site import Area, Hand, Site, View, esc, js, reply


def view(site: Site) -> View:
    """The list; what an article says comes from the guide's host."""
    draw, t, base = site.draw, site.t, site.url["help"]
    heading = f"<h2>{esc(t['help'])}</h2>"
    titles = [title for title, _ in t.articles]
    if draw.articles == "page":
        links = "".join(f'<li><a href="{base}/a/{n}">{esc(title)}</a></li>' for n, title in enumerate(titles))
        return View(f"{heading}<ul id=hl>{links}</ul>")
    row = {
        "details": "<details><summary>{}</summary><div class=txt></div></details>",
        "fold": "<div><button type=button aria-expanded=false class=ask>{}</button><div class='txt hidden'></div></div>",
        "heading": "<div><h3 class=ask style='cursor:pointer'>{}</h3><p class='txt hidden'></p></div>",
        "dialog": "<div><a href='#' class=ask>{}</a></div>",
        "reader": "<li class=ask tabindex=0 style='cursor:pointer'>{}</li>",
    }[draw.articles]
    pane = "<div id=hp></div>" if draw.articles in {"reader", "dialog"} else ""
    script = _SCRIPTS[draw.articles].replace("BACK", js(esc(t["back"])))
    get = f"const get=async n=>(await (await fetch({js(base)}+'/text/'+n)).json()).text; const failed=e=>{{{site.failed()}}};"
    rows = "".join(row.format(esc(title)) for title in titles)
    return View(f"{heading}<div id=hl>{rows}</div>{pane}", "const g=s=>root.querySelector(s);" + get + script)


_SCRIPTS = {
    "details": "[...g('#hl').children].forEach((d,n)=>d.addEventListener('toggle',()=>{if(d.open)get(n).then(t=>d.querySelector('.txt').textContent=t).catch(failed)}));",
    "fold": "[...g('#hl').children].forEach((d,n)=>{const b=d.querySelector('.ask'),x=d.querySelector('.txt');b.onclick=()=>get(n).then(t=>{x.textContent=t;const o=x.classList.toggle('hidden');b.setAttribute('aria-expanded',!o)}).catch(failed)});",
    "heading": "[...g('#hl').children].forEach((d,n)=>{const b=d.querySelector('.ask'),x=d.querySelector('.txt');b.onclick=()=>get(n).then(t=>{x.textContent=t;x.classList.toggle('hidden')}).catch(failed)});",
    "dialog": "[...g('#hl').children].forEach((d,n)=>{d.querySelector('.ask').onclick=e=>{e.preventDefault();get(n).then(t=>{g('#hp').innerHTML='<div role=dialog aria-modal=true class=dlg><h3></h3><p></p><button type=button></button></div>';g('#hp h3').textContent=d.textContent;g('#hp p').textContent=t;const b=g('#hp button');b.textContent=BACK;b.onclick=()=>g('#hp').innerHTML=''}).catch(failed)}});",
    "reader": "[...g('#hl').children].forEach((d,n)=>{d.onclick=()=>get(n).then(t=>{g('#hp').innerHTML='<article><h3></h3><p></p></article>';g('#hp h3').textContent=d.textContent;g('#hp p').textContent=t}).catch(failed)});",
}


async def answer(site: Site, request: web.Request) -> web.StreamResponse | None:
    """An article as data, or as a page."""
    kind, _, number = request.path.strip("/").partition("/")
    if kind not in {"text", "a"} or not number.isdecimal() or int(number) >= len(site.t.articles):
        return None
    title, body = site.t.articles[int(number)]
    site.state.done["knowledge-base"] += 1
    if kind == "text":
        return reply({"text": body})
    shown = View(f"<article><h1>{esc(title)}</h1><p>{esc(body)}</p></article>")
    return standing(site, "help", shown, signed=site.signed(request), bare=site.draw.help_place == "frame")


async def drive(hand: Hand) -> None:
    """Open the second article and read it."""
    at, draw = hand.at, hand.site.draw
    body = hand.site.t.articles[1][1]
    row = at.locator("#hl > *").nth(1)
    if draw.articles == "details":
        await row.locator("summary").click()
    elif draw.articles == "page":
        await row.locator("a").click()
    elif draw.articles == "reader":
        await row.click()
    else:
        await row.locator(".ask").click()
    await expect(at.get_by_text(body)).to_be_visible()


def _place(draw: Draw) -> str:
    return draw.help_place


AREA = Area("help", "help", ("knowledge-base",), view, answer, drive, place=_place)
