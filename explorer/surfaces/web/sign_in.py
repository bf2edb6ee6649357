"""Shows the browser's own login dialog (HTTP Basic, Digest) as a form, and submits it.

Nothing is intercepted until the form is submitted. Until then, the document fails with
`ERR_INVALID_AUTH_CREDENTIALS`, which counts as an open dialog. To submit the form, we request the document again, and
give the browser the user name and password when the server challenges that request. In later requests to the same
site, the browser sends them by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from explorer.request.scope import origin_of
from explorer.surfaces.web.cdp import Cdp, Json
from explorer.surfaces.web.gate import ALL
from explorer.surfaces.web.guard import CredentialGuard
from explorer.surfaces.web.state import FrameState
from flows.screen import PROMPT, Element, Screen, Text
from flows.step import Action, ActionKind

REFUSED = "net::ERR_INVALID_AUTH_CREDENTIALS"
_USER, _PASSWORD, _SEND, _CANCEL = (f"{PROMPT}:{name}" for name in ("user", "password", "send", "cancel"))
_ASKING = {**ALL, "handleAuthRequests": True}


@dataclass(slots=True)
class SignIn:
    """The login dialog of one session. A site gets the login only if the account may be used there.

    `hear` registers a listener for the challenges (`Fetch.authRequired`) in a CDP session. `guard` decides on the
    requests that wait meanwhile.
    """

    cdp: Cdp
    guard: CredentialGuard
    hear: Callable[[str, Callable[[str, str, Json], None]], None]
    _typed: dict[str, str] = field(default_factory=dict)
    _declined: set[str] = field(default_factory=set)
    _foreign: set[str] = field(default_factory=set)
    _answered: set[str] = field(default_factory=set)
    """Ids of requests whose challenge was answered. If one of them is challenged again, the login was wrong."""

    def asked(self, frame: FrameState) -> bool:
        """Whether the page in front asks for a password in the browser's own dialog, and may get the login.

        If it asks but may not get the login, that is recorded once."""
        if frame.error != REFUSED or frame.url in self._declined:
            return False
        if self.own(frame.url):
            return True
        if frame.url not in self._foreign:
            self._foreign.add(frame.url)
            self.guard.refused(str(origin_of(frame.url) or frame.url))
        return False

    def own(self, url: str) -> bool:
        """Whether the page at this address may get the login."""
        return self.guard.account.scope.allows(url)

    def screen(self, frame: FrameState, *, windows: int, downloads: int) -> Screen:
        """The login dialog as a screen, as a person sees it."""
        told = Text("This site asks for a user name and a password.", "dialog", region="dialog")
        return Screen(
            frame.url,
            "Sign in",
            tuple(self._element(*e) for e in _ELEMENTS),
            (told,),
            windows=windows,
            downloads=downloads,
        )

    def _element(self, ref: str, role: str, name: str, kind: str) -> Element:
        value = "•" * len(self._typed.get(ref, "")) if kind == "password" else self._typed.get(ref, "")
        return Element(ref, f"{role}|{name}|{PROMPT}", role, name, value, kind, group=PROMPT, region="dialog")

    async def do(self, action: Action, frame: FrameState) -> str:
        """Type into the dialog, submit it, or cancel it. Always returns an empty string, which means no problem."""
        if action.kind is ActionKind.TYPE:
            account = self.guard.account
            told = account.reveal_at(action.credential, frame.url) if action.credential else action.text
            self._typed[action.ref] = told
        elif action.ref == _CANCEL:
            self._declined.add(frame.url)
            self._typed.clear()
        elif action.ref == _SEND or action.kind is ActionKind.PRESS:
            self._answered.clear()
            self.hear(frame.session, self._event)
            await self.guard.arm()
            await self.cdp.call(frame.session, "Fetch.enable", _ASKING)
            try:
                await self.cdp.call(frame.session, "Page.navigate", {"url": frame.url}, 10.0)
            finally:
                self.cdp.post(frame.session, "Fetch.enable", ALL)
                self._typed.clear()
        return ""

    def _event(self, session: str, method: str, p: Json) -> None:
        request = {"requestId": p["requestId"]}
        if method == "Fetch.authRequired":
            first = p["requestId"] not in self._answered and self.own(p["request"]["url"])
            self._answered.add(p["requestId"])
            answer: Json = {"response": "CancelAuth"}
            if first and p["authChallenge"].get("source") != "Proxy":
                user, password = self._typed.get(_USER, ""), self._typed.get(_PASSWORD, "")
                answer = {"response": "ProvideCredentials", "username": user, "password": password}
            self.cdp.post(session, "Fetch.continueWithAuth", {**request, "authChallengeResponse": answer})


_ELEMENTS = (
    (_USER, "textbox", "User name", "text"),
    (_PASSWORD, "textbox", "Password", "password"),
    (_SEND, "button", "Sign in", "submit"),
    (_CANCEL, "button", "Cancel", "button"),
)


def is_of_question(action: Action) -> bool:
    """Whether an action is done in the browser's own login dialog."""
    return action.ref.startswith(f"{PROMPT}:")
