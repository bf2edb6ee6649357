"""Finds flaws of a web page with axe-core, and in its forms and cookies.

A flaw is a defect that need not make a journey fail. The audit script runs in our isolated world: it has globals of its
own, sends no request and changes no element. So it does not affect the page's own scripts, and the page's Content
Security Policy does not affect the audit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Any

from explorer.surfaces.surface import Audited
from explorer.surfaces.web.cdp import CdpError, Json
from explorer.surfaces.web.state import FrameState
from explorer.surfaces.web.tab import Tab
from flows.flaw import ACCESSIBILITY, Flaw, Weight
from flows.recognise.fingerprint import place

LIMIT = 4.0
"""Seconds within which a frame must answer. An audit is not worth a longer wait."""
MOST_FRAMES = 4
_SESSION = re.compile(r"sess|(^|[._-])s?id$|auth|token|jwt|login|remember|logged", re.IGNORECASE)
_FOR_SCRIPTS = re.compile(r"[cx]srf", re.IGNORECASE)
"""Names of cookies with a CSRF token.

Scripts must be able to read such a cookie in order to send the token back, so it does not count as a session cookie."""
_FORMS = {
    "form-sent-in-clear": (Weight.SERIOUS, "The page is encrypted, but its form goes to an address that is not"),
    "form-password-in-address": (
        Weight.SERIOUS,
        "The form sends its fields in the address, where logs and histories keep them",
    ),
    "form-password-in-clear": (Weight.SERIOUS, "The page that asks for the password is not encrypted"),
    "form-no-autocomplete": (Weight.MINOR, "The field has no «autocomplete»: current-password or new-password"),
}


async def audit(tab: Tab) -> Audited:
    """Audit the page in front: its main document and the first few frames in it. Never raises CdpError."""
    flaws: list[Flaw] = []
    problem = ""
    frames = [
        f for f in tab.watch.page_frames(tab.page) if not f.error and f.url.startswith("http") and tab.watch.answers(f)
    ]
    for frame in frames[:MOST_FRAMES]:
        where = place(frame.url)
        if frame.parent and where in tab.audited:
            continue  # a widget that stands on every page was looked at
        try:
            said = await _ask(tab, frame)
            tab.audited.add(where)
        except (CdpError, ValueError) as error:
            problem = f"A page could not be looked at: {error}."
            break  # one that does not answer now is not asked for its frames
        problem = problem or str(said["problem"])
        name = tab.watch.key(frame)
        flaws += [*_accessibility(said["axe"], name), *_forms(said["forms"], name)]
    if frames and not frames[0].parent:
        try:
            flaws += _cookies(await _cookies_of(tab, frames[0]))
        except CdpError as error:
            problem = problem or f"Its cookies could not be read: {error}."
    return Audited(tuple(flaws), problem)


async def _ask(tab: Tab, frame: FrameState) -> Json:
    """The result of the audit script in a frame. axe-core is loaded into the frame the first time."""
    if not await tab.evaluate(frame, "typeof axe === 'object'", LIMIT):
        await tab.evaluate(frame, f"{_source('axe_playwright_python', 'axe.min.js')};0", LIMIT)
    text = await tab.evaluate(frame, _source("explorer.surfaces.web", "audit.js"), LIMIT, promised=True)
    return dict(json.loads(str(text)))


def _source(package: str, name: str) -> str:
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")


def _accessibility(violations: Sequence[Sequence[Any]], frame: str) -> Iterator[Flaw]:
    for rule, impact, said, selector, words, why in violations:
        weight = Weight(impact) if impact in set(Weight) else Weight.MINOR
        detail = ": ".join(filter(None, (f"«{words}»" if words else "", str(why).strip().rstrip("."))))
        yield Flaw(f"{ACCESSIBILITY}{rule}", weight, str(said)[:300], _within(str(selector)[:300], frame), detail[:400])


def _forms(found: Sequence[Sequence[Any]], frame: str) -> Iterator[Flaw]:
    for rule, secret, name, goal in found:
        weight, text = _FORMS[rule]
        if rule == "form-sent-in-clear" and secret:
            weight = Weight.CRITICAL
        yield Flaw(rule, weight, text, _within(f"«{name}»", frame), f"To {goal}" if goal else "")


def _within(control: str, frame: str) -> str:
    return f"{control} in {frame}" if frame else control


async def _cookies_of(tab: Tab, frame: FrameState) -> Sequence[Json]:
    """The cookies of an encrypted page, without their values. Empty if the page is not encrypted. Raises CdpError."""
    if not frame.url.startswith("https:"):
        return ()
    answer = await tab.watch.cdp.call(frame.session, "Network.getCookies", {"urls": [frame.url]}, LIMIT)
    return [{key: value for key, value in cookie.items() if key != "value"} for cookie in answer.get("cookies", ())]


def _cookies(cookies: Sequence[Json]) -> Iterator[Flaw]:
    """The flaws of cookies that look like session cookies. Each flaw is a missing attribute."""
    for cookie in cookies:
        name, domain = str(cookie.get("name", ""))[:100], str(cookie.get("domain", "")).lstrip(".")[:200]
        if not _SESSION.search(name) or _FOR_SCRIPTS.search(name):
            continue
        control = f"cookie «{name}» of {domain}"
        if not cookie.get("secure"):
            yield Flaw(
                "cookie-not-secure",
                Weight.SERIOUS,
                "It is not marked Secure, so it is sent over http, too",
                control,
                everywhere=True,
            )
        if not cookie.get("httpOnly"):
            yield Flaw("cookie-for-scripts", Weight.MODERATE, "It is not marked HttpOnly", control, everywhere=True)
        if not cookie.get("sameSite"):
            yield Flaw(
                "cookie-for-any-site",
                Weight.MINOR,
                "It has no SameSite attribute, and browsers use different defaults",
                control,
                everywhere=True,
            )
