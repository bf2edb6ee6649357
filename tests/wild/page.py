"""Pages: the shell with its menu, one view at a time by address, by hash or by history, in a shadow root or not."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from tests.wild.menus import BURGER, GUARDED, bars, href, place, user_menu
from tests.wild.site import DOMAIN, Site, View, esc, js

CSS = """
body{font:16px/1.5 sans-serif;margin:0;color:#223}header,nav,footer,aside{padding:8px 16px;background:#eef2f6}main{padding:16px;min-height:300px;max-width:900px}
a,button{margin:2px 6px}.hidden{display:none!important}.rich{border:1px solid #99a;min-height:60px;max-width:420px;padding:4px}.zone{border:2px dashed #89a;padding:30px;max-width:400px}
.card{display:inline-block;width:180px;height:70px;margin:10px;padding:14px;background:#e3ebf3}.hov{display:inline-block;position:relative}.hov ul{display:none;margin:0;background:#fff}.hov:hover ul{display:block}
.dlg{position:fixed;top:80px;inset-inline-start:200px;background:#fff;border:1px solid #678;padding:20px;z-index:20}.pop{background:#fff;border:1px solid #ccd;max-width:300px;cursor:pointer}
#say{position:fixed;top:10px;inset-inline-end:20px;background:#dfe;padding:10px;z-index:30}.bub{position:fixed;bottom:14px;inset-inline-end:14px;background:#f4f7fa;z-index:10;padding:6px}
.veil{position:fixed;inset:0;background:#0006;z-index:40}.ask{cursor:pointer}i{display:inline-block;width:22px;height:22px;background:#9ab}iframe{width:100%;height:560px;border:0}
.mine{text-align:end}table td{padding:3px 10px}.consent{position:fixed;bottom:0;inset-inline-start:0;background:#fff;border:1px solid #889;padding:14px;z-index:41}aside ul{list-style:none}
"""
_SAY = """
function say(text,bad){let s=document.querySelector('#say');if(s)s.remove();s=document.createElement('div');s.id='say';s.setAttribute('role',bad?'alert':'status');s.textContent=text;document.body.append(s);setTimeout(()=>s.remove(),4000)}
"""
_MOUNT = """
const mount=(into,v)=>{let root=into;into.innerHTML='';if(SHADOW){const h=document.createElement('x-part');into.append(h);root=h.attachShadow({mode:'open'});}
root.innerHTML=(SHADOW?'<style>'+document.querySelector('style').textContent+'</style>':'')+v.html;v.run(root)};
"""
_ROUTES = {
    "hash": """
const where=()=>location.hash.replace(/^#\\//,'');
addEventListener('hashchange',()=>show());
""",
    "history": """
const where=()=>location.pathname.slice(1);
addEventListener('popstate',()=>show());
document.addEventListener('click',e=>{const a=e.composedPath().find(x=>x.tagName==='A');if(!a||a.origin!==location.origin||a.target||e.ctrlKey||a.pathname==='/out'||a.getAttribute('href').startsWith('#'))return;
e.preventDefault();history.pushState({},'',a.pathname);show()});
""",
}
_SHOW = """
const show=()=>{let n=BY[where()]||'home'; if(!SIGNED&&(WALL&&n!=='home'||GUARDED.includes(n))&&n!=='login'){if(!V.login&&LOGINAT){location.href=LOGINAT;return} n=V.login?'login':'home';const o=document.querySelector('.opens');if(!V.login&&o)o.click()}
document.title=V[n].title+' – '+COMPANY; const m=document.querySelector('#mn'); if(m)m.classList.add('hidden'); mount(document.querySelector('main'),V[n])};
show();
"""


def document(site: Site, body: str, script: str, title: str) -> web.Response:
    """A whole page."""
    t = site.t
    beat = f"fetch({js(site.url['stat'])}+'/b',{{mode:'no-cors'}}).catch(()=>0);"
    head = f"<meta charset=utf-8><title>{esc(title)} – {esc(t['company'])}</title><style>{CSS}</style>"
    run = f"<script>{_SAY}(()=>{{{beat}{script}}})();</script>"
    whole = (
        f"<!doctype html><html lang={t.language} dir={t.direction}><head>{head}</head><body>{body}{run}</body></html>"
    )
    return web.Response(text=whole, content_type="text/html", headers={"Cache-Control": "no-store"})


def function(view: View) -> str:
    """A view as an object of the page's script."""
    return f"{{html:{js(view.html)},run:function(root){{{view.script}}}}}"


def framed(site: Site, area: str, host: str) -> View:
    """The view of an area that another host shows in a frame."""
    return View(f'<iframe src="{site.url[host]}/" title="{esc(site.t[area])}"></iframe>')


def _consent(site: Site) -> View:
    draw, t = site.draw, site.t
    if draw.consent == "none":
        return View("")
    role = "role=dialog aria-modal=true" if draw.consent == "dialog" else ""
    veil = "<div class=veil></div>" if draw.consent == "dialog" else ""
    buttons = (
        f"<button type=button id=ka>{esc(t['accept'])}</button><button type=button id=kr>{esc(t['reject'])}</button>"
    )
    html = f"<div id=kk>{veil}<div class=consent {role}><p>{esc(t['consent'])}</p>{buttons}</div></div>"
    script = "const kk=document.querySelector('#kk');if(document.cookie.includes('asked=1'))kk.remove();else for(const b of kk.querySelectorAll('button'))b.onclick=()=>{document.cookie='asked=1;path=/;domain=DOMAIN';kk.remove()};"
    return View(html, script.replace("DOMAIN", DOMAIN))


def _shell(site: Site, *, signed: bool, extras: Mapping[str, View]) -> tuple[str, str, str, str]:
    """What stands above the main part, below it, on the home page; and the script of all of these."""
    above, below, home = bars(site, signed=signed)
    consent = _consent(site)
    if site.draw.search:
        above += f'<form role=search action="{site.url["www"]}/find"><input type=search name=q placeholder="{esc(site.t["search"])}"></form>'
    parts, script = "", BURGER + user_menu(site, signed=signed).script + consent.script
    login = extras.get("login")
    if login and not signed:
        if site.draw.login_place == "sidebar":
            parts += f"<aside id=ls>{login.html}</aside>"
            script += f"(root=>{{{login.script}}})(document.querySelector('#ls'));"
        elif site.draw.login_place == "dialog":
            parts += f'<div id=ls role=dialog aria-modal=true class="dlg hidden">{login.html}</div>'
            script += "for(const b of document.querySelectorAll('.opens'))b.onclick=()=>document.querySelector('#ls').classList.remove('hidden');if(location.search==='?login')document.querySelector('#ls').classList.remove('hidden');"
            script += f"(root=>{{{login.script}}})(document.querySelector('#ls'));"
    chat = extras.get("chat")
    if chat and not (site.draw.wall and not signed):
        label = esc(site.t["chat"])
        parts += f"<div class=bub><button type=button id=bo>{label}</button><div id=bb class=hidden></div></div>"
        mount = "let shown=0;document.querySelector('#bo').onclick=()=>{const b=document.querySelector('#bb');b.classList.toggle('hidden');if(!shown++){CHAT}};"
        inner = f"b.innerHTML={js(chat.html)};(root=>{{{chat.script}}})(b)"
        script += mount.replace("CHAT", inner)
    return above, below + parts + consent.html, home, script


def home_view(site: Site, cards: str) -> View:
    """The first page's main part."""
    t = site.t
    return View(f"<h1>{esc(t['company'])}</h1><p>{esc(t['plan'])}</p>{cards}")


def many(site: Site, area: str, view: View, *, signed: bool, extras: Mapping[str, View]) -> web.Response:
    """One page of a portal of many pages, whichever host it is on."""
    above, below, cards, script = _shell(site, signed=signed, extras=extras)
    if area == "home":
        view = home_view(site, cards)
    title = site.t[area] if area in site.t.words else site.t["company"]
    if site.draw.shadow:
        main, run = "", f"mount(document.querySelector('main'),{function(view)});"
    else:
        main, run = view.html, f"(function(root){{{view.script}}})(document.querySelector('main'));"
    mount = f"const SHADOW={js(site.draw.shadow)};{_MOUNT}"
    return document(site, f"{above}<main>{main}</main>{below}", mount + run + script, title)


def one(site: Site, views: Mapping[str, View], *, signed: bool, extras: Mapping[str, View]) -> web.Response:
    """The single page of a portal of one page."""
    above, below, cards, script = _shell(site, signed=signed, extras=extras)
    told = {"home": home_view(site, cards), **views}
    parts = ",".join(f"{js(n)}:Object.assign({function(v)},{{title:{js(site.t[n])}}})" for n, v in told.items())
    consts = {
        "SHADOW": site.draw.shadow,
        "SIGNED": signed,
        "WALL": site.draw.wall,
        "GUARDED": list(GUARDED),
        "BY": {site.slug(name): name for name in told},
        "COMPANY": site.t["company"],
        "LOGINAT": login_href(site) if place(site.draw, "login") == "host" else "",
    }
    begin = "".join(f"const {name}={js(value)};" for name, value in consts.items())
    run = f"{begin}const V={{{parts}}};{_MOUNT}{_ROUTES[site.draw.router]}{_SHOW}"
    return document(site, f"{above}<main></main>{below}", run + script, site.t["home"])


def standing(site: Site, host: str, view: View, *, signed: bool, bare: bool = False) -> web.Response:
    """A page on a host of its own: with the portal's menu, or bare inside the portal's frame."""
    if bare:
        run = f"(function(root){{{view.script}}})(document.querySelector('main'));"
        return document(site, f"<main>{view.html}</main>", run, site.t["company"])
    return many(site, host, view, signed=signed, extras={})


def login_href(site: Site) -> str:
    """Where one who is not signed in is sent."""
    if place(site.draw, "login") in {"sidebar", "dialog"}:
        return site.url["www"] + "/?login"
    return href(site, "login")
