"""What is decided about a control, and by which addresses. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from flows.refusal import Reason
from flows.screen import Element


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a control may be pressed: then `reason` is None. Otherwise, `kind` is what `--allow` must name."""

    reason: Reason | None = None
    kind: str = ""

    @property
    def allowed(self) -> bool:
        return self.reason is None


YES = Ruling()


def leads_home(element: Element) -> bool:
    return path_of(element.href) == "/" and "?" not in element.href


def path_of(address: str) -> str:
    """The path as a server reads it: decoded, without parameters (RFC 3986 section 3.3)."""
    try:
        return "/".join(unquote(part.partition(";")[0]) for part in urlsplit(address).path.split("/")) or "/"
    except ValueError:
        return "/"


def is_under(path: str, place: str) -> bool:
    """Whether the path lies under a place: `/help` contains `/help` and `/help/…`, but not `/helpless`."""
    place = place.rstrip("/")
    return path == place or path.startswith(place + "/")
