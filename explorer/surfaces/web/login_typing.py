"""Types the user name and the password, but only into documents that may have them."""

from __future__ import annotations

from typing import Any, Protocol

from explorer.request.account import NotHere
from explorer.request.scope import origin_of
from explorer.surfaces.web.cdp import Json
from explorer.surfaces.web.guard import CredentialGuard
from explorer.surfaces.web.state import FrameState
from flows.step import Action

GONE = "The control is not on the screen any more."


class Ask(Protocol):
    """Calls a function of the page script on an action's element. None if the element's frame is gone."""

    async def __call__(self, action: Action, function: str, *more: Any) -> tuple[FrameState, Json] | None: ...


async def give(ask: Ask, guard: CredentialGuard, action: Action) -> str:
    """Type the user name or the password, if the field's document may have it. Returns a problem as a sentence, or "".

    The document is asked for its origin first, and a second time in the same call that passes the text. So no
    navigation, script or change of focus can come between the check and the typing. A document without an address of
    its own has the origin of the document that created it. Raises NotHere if the document, or the address that its form
    posts to, may not have the login. Raises CdpError if the page does not answer.
    """
    await guard.arm()
    asked = await ask(action, "whose")
    if asked is None or "gone" in asked[1]:
        return GONE
    origin, goal = str(asked[1]["origin"]), str(asked[1]["goal"])
    try:
        text = guard.account.reveal_at(action.credential, origin)
    except NotHere as refused:
        guard.refused(refused.origin)
        raise
    if goal and not guard.account.scope.allows(goal):
        guard.refused(str(origin_of(goal) or goal.split(":", maxsplit=1)[0] + ":"), origin)
        raise NotHere(goal)
    given = await ask(action, "give", origin, goal, text)
    if given is None or "gone" in given[1]:
        return GONE
    for word, sentence in (
        ("locked", "The field is disabled or read-only."),
        ("moved", "The page or the destination of its form changed meanwhile, so the login was not typed."),
    ):
        if word in given[1]:
            return sentence
    if not given[1]["taken"]:
        return "The field does not take the focus."
    guard.given(given[0])
    return ""
