"""Access control: checks Host, Origin and token before anything else, and adds security headers to every response.

The Host check stops DNS rebinding, the Origin check stops forms and scripts of other sites (CSRF), and the token stops
other users of this machine.
"""

from __future__ import annotations

import secrets
from html import escape
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.server.settings import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # `no-referrer` would make the Origin of our own forms `null`
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
SAFE = ("GET", "HEAD")


class AccessGuard:
    """ASGI middleware around all pages and the API."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.cookie = f"trustwalk-{settings.port}"  # cookies ignore ports, so the name must differ from that of another server on this machine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            refusal = self._refusal(scope)
            await (refusal or self.app)(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() not in self.settings.authorities:
            return _refused(
                scope, 421, "This page is not served under that name", "Open the address that the terminal shows."
            )
        origin = headers.get("origin")
        if origin is not None and not self._ours(origin):
            return _refused(
                scope, 403, "The request came from another site", "Only this page itself may send that request."
            )
        bearer, ticket, visit = self._tokens(scope, headers)
        if not (bearer or ticket or visit):
            return _refused(
                scope,
                401,
                "This page requires its token",
                "Open the complete address that the terminal shows, including «?token=…». Programs send the token as "
                "«Authorization: Bearer».",
            )
        if ticket and not bearer:
            return self._first_visit(scope)
        if (
            scope["method"] not in SAFE
            and not bearer
            and origin is None
            and headers.get("sec-fetch-site") != "same-origin"
        ):
            return _refused(
                scope,
                403,
                "The request did not come from this page",
                "Your browser did not say which page sent the request.",
            )
        return None

    def _ours(self, origin: str) -> bool:
        scheme, _, authority = origin.partition("://")
        return scheme == "http" and authority.lower() in self.settings.authorities

    def _tokens(self, scope: Scope, headers: Headers) -> tuple[bool, bool, bool]:
        """Whether the token is in the Authorization header, in the address, and in our cookie.

        A token in the address counts only for GET and HEAD."""
        kind, _, value = headers.get("authorization", "").partition(" ")
        bearer = kind.lower() == "bearer" and self._is_token(value.strip())
        given = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("token", "")
        ticket = scope["method"] in SAFE and self._is_token(given)
        return bearer, ticket, self._is_token(cookie_parser(headers.get("cookie", "")).get(self.cookie, ""))

    def _is_token(self, text: str) -> bool:
        return secrets.compare_digest(text.encode(), self.settings.token.encode())

    def _first_visit(self, scope: Scope) -> Response:
        """Move the token from the address, where it would stay in the browser's history, into a cookie."""
        rest = [(k, v) for k, v in parse_qsl(scope["query_string"].decode("latin-1")) if k != "token"]
        path = "/" + scope["path"].lstrip("/\\")  # «//other.example» would lead to another site
        response = RedirectResponse(path + (f"?{urlencode(rest)}" if rest else ""), 303)
        response.set_cookie(self.cookie, self.settings.token, httponly=True, samesite="strict", path="/")
        return response


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


def _refused(scope: Scope, status: int, what: str, do: str) -> Response:
    if scope["path"].startswith("/api/"):
        return JSONResponse({"error": f"{what}. {do}"}, status)
    page = f"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Trustwalk</title><h1>{escape(what)}</h1><p>{escape(do)}</p>"
    return HTMLResponse(page, status)
