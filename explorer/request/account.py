"""The login of a run together with the places where it may be used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from explorer.request.credential import Credential, Login
from explorer.request.scope import Scope, origin_of
from explorer.request.spelling import Spellings

_PACKAGE = re.compile(r"\w+(\.\w+)+")
Part = Literal["user", "password"]
"""The two halves of a login; both are private."""


class NotHere(Exception):
    """A secret was asked for at an origin where it may not be used. The message is a sentence that names the origin."""

    def __init__(self, url: str) -> None:
        named = url if _PACKAGE.fullmatch(url) else "a document without an address of its own"
        self.origin = str(origin_of(url) or named)
        super().__init__(
            f"The login may not be used at {self.origin}: that is not the target's own (--login-at allows an origin)."
        )


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that may be used only at some origins. Only `reveal_at` returns the text, and only for such an origin."""

    credential: Credential
    scope: Scope

    def reveal_at(self, url: str) -> str:
        """The text, for use in a document with this address or origin. Raises NotHere if that is not allowed."""
        if not self.scope.allows(url):
            raise NotHere(url)
        return self.credential.reveal()


@dataclass(frozen=True, slots=True)
class Account:
    """A login and the scope in which it may be used. Only surfaces type it. Other code only recognises its texts."""

    login: Login
    scope: Scope

    def secret(self, part: Part) -> Secret:
        """The user name or the password as a secret of its own."""
        return Secret(Credential(self.login.user) if part == "user" else self.login.password, self.scope)

    def reveal_at(self, part: str, url: str) -> str:
        """The user name or the password, for a document with this address or origin. Raises NotHere if not allowed."""
        return self.secret("user" if part == "user" else "password").reveal_at(url)

    def reveal_in_app(self, part: str, places: Sequence[str]) -> str:
        """The user name or the password, for use in an app on a device.

        `places` are the pages, and the packages of other apps, that would get the text. If `places` is empty, the app
        itself gets the text. Raises NotHere if a place is not allowed."""
        for place in places:
            if not self.scope.allows(place):
                raise NotHere(place)
        return self.login.user if part == "user" else self.login.password.reveal()

    def passwords(self, tokens: Iterable[str] = ()) -> Spellings:
        """The secrets to look for on the wire and in everything that is written to disk.

        They are the password, the pair `user:password` as in HTTP Basic, and the given tokens."""
        user, password = self.login.reveal()
        return Spellings([password, password.strip()], [f"{user}:{password}"], tokens)  # pages trim what is typed

    def names(self) -> Spellings:
        """The user name, which is private while a login is under way.

        An e-mail address is also searched for in lower case, because scripts write it so before they send it."""
        user = self.login.user.strip()
        return Spellings([self.login.user, user, *([user.lower()] if "@" in user else [])])


def typed_texts(account: Account | None, part: str) -> Sequence[str]:
    """The text that is typed for a part of the login («user» or «password»), as a sequence of one.

    Empty without an account or a part. A session needs the text to tell whether a screen answers or only repeats what
    was typed."""
    if account is None or not part:
        return ()
    user, password = account.login.reveal()
    return (user,) if part == "user" else (password,)
