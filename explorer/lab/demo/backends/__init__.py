"""The demo's backends: one plain HTTP application per host, behind a TLS front."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from aiohttp import web

from explorer.lab.demo.backends import accounts, analytics, auth, chat, files, kb, payments, portal, tickets, widget
from explorer.lab.demo.desk import Desk

BUILDERS: Mapping[str, Callable[[Desk], web.Application]] = MappingProxyType(
    {
        "portal": portal.build,
        "api": accounts.build,
        "chat": chat.build,
        "tickets": tickets.build,
        "kb": kb.build,
        "auth": auth.build,
        "payments": payments.build,
        "files": files.build,
        "analytics": analytics.build,
        "widget": widget.build,
    }
)
