"""Login forms in documents where the given login may not be used: a persona skips them and looks for another entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from explorer.request.scope import origin_of
from flows.recognise.forms import Form, forms
from flows.screen import Screen

_ADDRESSED = ("http:", "https:", "blob:")


@dataclass(slots=True)
class ForeignLogins:
    """Finds and hides login forms in which the login may not be used.

    `may_sign_in` tells whether the login may be used in a document at this address.

    This class sees only addresses. For a document without an address (`about:blank`, an app's screen), the surface
    decides at the moment of typing. A form that the surface has refused counts as foreign from then on.
    """

    may_sign_in: Callable[[str], bool] = lambda _: True
    at: str = ""
    """The origin or address at which the last screen asks for a login that may not be given; else empty."""
    met: list[str] = field(default_factory=list)
    """The origins of all foreign login forms, in the order in which they were met."""
    _refused: set[tuple[str, str]] = field(default_factory=set)

    def hide(self, screen: Screen) -> Screen:
        """The screen without the fields and submit controls of foreign login forms. Updates `at` and `met`."""
        foreign = [form for form in forms(screen) if form.nature == "login" and self._is_foreign(form, screen)]
        self.at = origin_named(_address(foreign[0], screen)) if foreign else ""
        asking = (origin_named(a) for a in (_address(f, screen) for f in foreign) if self._is_elsewhere(a))
        self.met += [origin for origin in dict.fromkeys(asking) if origin not in self.met]
        if not foreign:
            return screen
        hidden = {field.ref for form in foreign for field in form.fields}
        hidden |= {c.ref for form in foreign for c in form.controls if c.kind == "submit" or c == form.submit()}
        return replace(screen, elements=tuple(e for e in screen.elements if e.ref not in hidden))

    def refuse(self, frame: str, screen: Screen) -> None:
        """Record that the surface refused to type the login into this frame of the screen."""
        self._refused.add((frame, screen.address))

    def _is_foreign(self, form: Form, screen: Screen) -> bool:
        if (form.frame, screen.address) in self._refused:
            return True
        return self._is_elsewhere(_address(form, screen))

    def _is_elsewhere(self, address: str) -> bool:
        return address.startswith(_ADDRESSED) and not self.may_sign_in(address)


def _address(form: Form, screen: Screen) -> str:
    return next((f.url for f in screen.frames if f.key == form.frame), "") or screen.address


def origin_named(url: str) -> str:
    """The origin of an address, for people to read; the address itself if it has no origin."""
    return str(origin_of(url) or url)


def elsewhere(origin: str) -> str:
    """Why a login was not used, as a sentence for reports. `origin` may also be the name of an app or of a document."""
    return (
        f"The login is asked for at {origin}, which is not the target's own: it was not typed there. "
        f"If this is your identity provider, name it with --login-at {origin}."
    )
