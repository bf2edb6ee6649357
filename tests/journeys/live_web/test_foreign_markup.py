"""A server-rendered tracker in a manner that nobody tuned to, explored healthy: all that a script can do is found.

The login stands in a side bar below another form with the same address; the user's menu opens by a press; questions fold
out in place; a reply takes a file and has a link beside its button; the settings are a gear without words; a press on
«Leave project» would end everything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from explorer.request.credential import Login
from flows.incident import JourneyVerdict
from tests.journeys.foreign import Answer, explored, served

HOST = "tracker.test"
OUT = """<div class=bar><p>Jump</p><form method=post action="#"><input name=id size=4><button>Show issue</button></form>
<p>Members</p><form method=post action="#"><input name=user placeholder=username><input type=password name=pw>
<label><input type=checkbox name=keep> Remember me?</label><button>Login</button></form></div>"""
IN = """<div class=bar><form method=post action="/jump"><input name=id size=4><button>Show issue</button></form>
<button onclick="m.hidden=!m.hidden" aria-haspopup=true>ada</button>
<ul id=m hidden><li><a href="/board">Overview</a></li><li><a href="/out">Logout</a></li></ul>
<a href="/me"><svg width=20 height=20 viewBox="0 0 9 9"><use href="#i-gear"></use><circle r=4 cx=4 cy=4 /></svg></a>
<a href="/ended"><button>Leave project</button></a></div>"""
MENU = (
    '<nav><a href="/">Board</a> <a href="/issues">Issues</a> <a href="/new">New issue</a> <a href="/faq">FAQ</a></nav>'
)
TABLE = """<h1>Issues</h1><table><tr><th><a href="/issues?sort=id">Id</a></th><th><a href="/issues?sort=by">By</a></th></tr>
%s</table><a href="/issues?format=csv">Download as CSV</a>"""
FORM = """<h1>New issue</h1><form method=post action="/new" enctype="multipart/form-data"><label>Title <input name=t required></label>
<label>Description <textarea name=d required></textarea></label><label>Attach <input type=file name=f></label>
<button>Submit entry</button></form>"""
FAQ = """<h1>Questions</h1><style>.fold{display:none}.fold.in{display:block}</style>
<p><a href="#a1" onclick="a1.classList.toggle('in')" data-toggle=collapse>How do I reset it?</a></p>
<div id=a1 class=fold>Hold the button for ten seconds.</div>
<p><a href="https://maker.example/help" target=_blank>Help of the makers</a></p>"""


@dataclass
class Tracker:
    """What the app keeps."""

    inside: bool = False
    ended: bool = False
    issues: list[tuple[str, list[str]]] = field(default_factory=list)
    users: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One page."""
        path, form = request.path, await request.post()
        if "user" in form:
            self.users.append(str(form["user"]))
            self.inside = (form["user"], form["pw"]) == ("ada", "right-horse")
            raise web.HTTPFound("/board")
        self.ended = self.ended or path == "/ended"
        if path == "/new" and form:
            self.issues.append((str(form["t"]), _names(form.get("f"))))
            raise web.HTTPFound(f"/issue/{len(self.issues)}")
        if path.startswith("/issue/") and form:
            self.issues[int(path.rpartition("/")[2]) - 1][1].extend(_names(form.get("f")))
            raise web.HTTPFound(path)
        if path.startswith("/file/"):
            return web.Response(body=b"x" * 900, headers={"Content-Disposition": f"attachment; filename={path[6:]}"})
        if request.query.get("format") == "csv":
            return web.Response(text="1,2", headers={"Content-Disposition": "attachment; filename=issues.csv"})
        page = f"<title>Tracker</title>{MENU}{IN if self.inside else OUT}<main>{self.page(path)}</main>"
        return web.Response(text=f"<!doctype html><html lang=en>{page}", content_type="text/html")

    def page(self, path: str) -> str:
        """Its main part."""
        if path == "/faq":
            return FAQ
        if not self.inside:
            return "<h1>Tracker</h1><p>Please log in to see more.</p>"
        if path == "/new":
            return FORM
        if path == "/me":
            return (
                "<h1>Your details</h1><dl><dd>Name: Ada</dd><dd>ada@desk.test</dd><dd>Member since 2024-03-01</dd></dl>"
            )
        if path == "/issues":
            rows = (
                f"<tr><td><a href='/issue/{n}'>#{n}</a></td><td>ada@desk.test</td></tr>"
                for n in range(1, 1 + len(self.issues))
            )
            return TABLE % "".join(rows)
        if path.startswith("/issue/"):
            number = path.rpartition("/")[2]
            title, names = self.issues[int(number) - 1]
            links = "".join(f"<li><a href='/file/{name}'>{name}</a></li>" for name in names)
            return (
                f"<h1>Issue #{number}</h1><p>{title}</p><ul>{links}</ul><form method=post enctype='multipart/form-data' "
                "action='#'><textarea name=c aria-label=Comment></textarea><input type=file name=f aria-label=File>"
                "<a href='/board'>Add a dependency</a> <button>Update issue</button></form>"
            )
        return "<h1>Board</h1><p class=alert role=alert>The news feed could not be loaded.</p>"


def _names(given: object) -> list[str]:
    return [given.filename] if isinstance(given, web.FileField) and given.filename else []


async def verdicts_of(answer: Answer, folder: Path, *wanted: str) -> dict[str, JourneyVerdict]:
    async with served(answer, (HOST,), {}, folder) as (origins, root):
        outcome = await explored(origins, root, folder, wanted, login=Login.of("ada", "right-horse"), steps=80)
    return {v.journey: v for v in outcome.verdicts}


async def test_a_tracker_of_others_is_understood(tmp_path: Path) -> None:
    tracker = Tracker()
    wanted = ("login", "submit-ticket", "knowledge-base", "account-info", "upload-attachment", "download-attachment")
    verdicts = await verdicts_of(tracker.answer, tmp_path, *wanted)
    assert {name: v.verdict.value for name, v in verdicts.items()} == dict.fromkeys(verdicts, "passed")
    assert tracker.users[0] == "ada" and not tracker.ended
    assert tracker.issues and tracker.issues[0][1][0].endswith(".png"), (
        "what is wrong is shown, and can be fetched later"
    )
