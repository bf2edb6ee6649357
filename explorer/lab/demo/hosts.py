"""The hosts of the demo, and the hosts that each journey needs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

HOSTS: tuple[str, ...] = ("portal", "api", "chat", "tickets", "kb", "auth", "payments", "files", "analytics")
"""Short names of the support desk's own hosts, all under `desk.test`."""

VENDOR = "widget"
"""The chat vendor's host. It has another registrable domain, so its frame is cross-site. The modern skin uses it."""

ALL_HOSTS: tuple[str, ...] = (*HOSTS, VENDOR)

JOURNEY_HOSTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "start-chat": ("portal", "chat"),
        "submit-ticket": ("portal", "tickets"),
        "knowledge-base": ("portal", "kb"),
        "account-info": ("portal", "auth", "api"),
        "login": ("portal", "auth"),
        "payment": ("portal", "auth", "payments"),
        "upload-attachment": ("portal", "files"),
        "download-attachment": ("portal", "files"),
    }
)
"""Journey id → short host names that it needs. In the modern skin `start-chat` also needs `widget`."""


def full_name(host: str) -> str:
    """A host's full name by its short name: `chat` → `chat.desk.test`, `widget` → `widget.chatvendor.test`."""
    return "widget.chatvendor.test" if host == VENDOR else f"{host}.desk.test"
