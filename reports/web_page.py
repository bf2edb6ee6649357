"""report.html: one file that needs no network, server or JavaScript, and is safe whatever the app put into it."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from flows.incident import Severity, Verdict
from flows.session import RECORDED
from reports import difference, flow_picture, page_model
from reports.chain_picture import common_name
from reports.flaws import on_the_way
from reports.json_file import coverage
from reports.left_alone import left_alone
from reports.pictures import Album
from reports.portals import Portal, journeys, shared_faults, told
from reports.rollup import Row, background, calendar, fixes, headline, overview, private_root
from reports.summary import CUT_OFF, NOT_JUDGED, Summary, cause_title, is_tls
from reports.text_display import PASTED, count, day, fitted, host_of, listed, minute, shown, without_values

_TEMPLATES = resources.files("reports") / "templates"
WORDS = {
    Verdict.PASSED: "works",
    Verdict.DEGRADED: "works partly",
    Verdict.FAILED: "fails",
    Verdict.BLOCKED: "blocked",
    Verdict.NOT_ATTEMPTED: "not attempted",
    Verdict.NOT_FOUND: "not found",
    Verdict.INCONCLUSIVE: "inconclusive",
}
PROOFS = {
    "sent": "sent",
    "taken": "taken by the server",
    "returned": "given back by the server",
    "kept": "there when the page was opened anew",
    "shown": "shown on the screen",
}
REASONS = {
    "needs-login": "needs a login, and none was given (--login), or the given one did not succeed",
    "not-allowed": "needs a permission that was not given (--allow), or a login that may not be used there (--login-at)",
    "shared": "was sent once in this run already, by another session",
    "not-asked": "was not asked for",
    CUT_OFF: "the run was cut off",
    NOT_JUDGED: "the session broke down",
    "interrupted": "the run was interrupted",
    "gone": "the browser or device died",
    "time": "the time limit was reached",
    "steps": "the steps were used up",
    "unclear": "no sign of success or failure was seen",
    "entry-not-reached": "the app could not be reached",
    "not-observable": "the app's network could not be observed",
}
ENDS = {
    "done": "nothing promising left",
    "steps": "steps used up",
    "time": "time limit reached",
    "interrupted": "interrupted",
    "gone": "browser or device died",
    CUT_OFF: "cut off",
    RECORDED: "as recorded",
}
MANY = 12
"""A list with more verdicts than this gets filters."""


def _source(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _finalize(value: Any) -> Any:
    """Prepares each text for the page: control characters become visible, and long texts are shortened.

    Afterwards, Jinja escapes the text."""
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _environment() -> Environment:
    """Kept, because compiling the page's template takes longer than filling it in."""
    environment = Environment(
        loader=FunctionLoader(_source),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": day,
        "minute": minute,
        "listed": listed,
        "cause": cause_title,
        "plain_url": without_values,
        "said": lambda verdict: WORDS.get(verdict, str(verdict)),
        "symbol": lambda v: page_model.SYMBOLS.get(v, "?"),
        "proven": lambda kinds: f"proof: {', '.join(PROOFS.get(k, k) for k in kinds)}",
        "reason": lambda text: REASONS.get(text, text),
        "end": lambda text: ENDS.get(text, text),
        "name": common_name,
        "fit": fitted,
        "few_lines": _few_lines,
        "to_paste": _to_paste,
        "title_of": lambda journey, summary: summary.title(journey),
    }
    environment.globals |= {"host_of": host_of, "count": count, "is_tls": is_tls, "V": Verdict}
    return environment


def _to_paste(text: str) -> Markup:
    """Text to copy from the page. It may be much longer than other texts (PASTED)."""
    return escape(shown(text, PASTED))


def _few_lines(text: str) -> str:
    """The first lines of a remedy, for the top of the page."""
    lines = text.splitlines()
    return "\n".join(lines[:4] + (["…"] if len(lines) > 4 else []))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def content_policy() -> str:
    """The Content-Security-Policy of the page, which allows only its own style, script and pictures."""
    return (
        f"default-src 'none'; img-src data:; style-src {_hash(_source('page.css'))}; script-src {_hash(_source('page.js'))}; "
        "base-uri 'none'; form-action 'none'"
    )


def render(summary: Summary) -> str:
    """The whole page. The same journal and pictures give the same bytes."""
    style, script = _source("page.css"), _source("page.js")
    album = Album(summary.folder)
    rows = overview(summary)
    context: dict[str, Any] = {
        "csp": content_policy(),
        "style": Markup(style),  # noqa: S704 - our own file
        "script": Markup(script),  # noqa: S704 - our own file
        "s": summary,
        "headline": headline(summary),
        "changes": difference.parts(summary.difference) if summary.difference else [],
        "mood": _mood(summary, rows),
        "faults": page_model.faults(summary, album),
        "others": page_model.other_failures(summary, album),
        "private_root": private_root(summary),
        "rows": rows,
        "anchors": _anchors(summary),
        "working": [r for r in rows if r.verdict in (Verdict.PASSED, Verdict.DEGRADED)],
        "unreached": [r for r in rows if r.verdict in (Verdict.NOT_FOUND, Verdict.NOT_ATTEMPTED, Verdict.INCONCLUSIVE)],
        "graph": flow_picture.draw(summary),
        "calendar": calendar(summary),
        "background": background(summary),
        "findings": sorted(summary.findings, key=lambda f: (list(Severity).index(f.severity), f.kind, f.host))[:300],
        "coverage": coverage(summary),
        "seen": on_the_way(summary),
        "left_alone": left_alone(summary),
        "many": len(summary.verdicts) > MANY,
        "used": Counter(v.verdict for v in summary.verdicts),
        "wide": len(summary.personas),
    }
    context["album"] = album
    return _environment().get_template("page.html.j2").render(context)


def render_portals(portals: Sequence[Portal]) -> str:
    """The page above the reports of several targets. Its links lead to `<name>/report.html`."""
    rows = [row for one in portals for row in one.cells.values()]
    context = {
        "csp": content_policy(),
        "style": Markup(_source("page.css")),  # noqa: S704 - our own file
        "portals": portals,
        "journeys": journeys(portals),
        "faults": shared_faults(portals),
        "told": told(portals),
        "mood": _mood_of(rows) if any(r.bad for r in rows) or all(one.explored for one in portals) else "unknown",
    }
    return _environment().get_template("portals.html.j2").render(context)


def _mood(summary: Summary, rows: list[Row]) -> str:
    """The mood of the headline, which sets its colour: bad, mixed, good or unknown."""
    mood = _mood_of(rows)
    return "unknown" if mood == "good" and summary.cut_off else mood


def _mood_of(rows: Sequence[Row]) -> str:
    if any(r.bad for r in rows):
        return "bad"
    if any(r.verdict is Verdict.DEGRADED for r in rows):
        return "mixed"
    return "good" if any(r.verdict is Verdict.PASSED for r in rows) else "unknown"


def _anchors(summary: Summary) -> dict[tuple[str, int, str], str]:
    """Fault (host, port, cause) → its anchor on the page."""
    return {(f.host, f.port, f.cause): f"fault-{n}" for n, f in enumerate(fixes(summary), 1)}
