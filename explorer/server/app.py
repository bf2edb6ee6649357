"""Builds the ASGI application and serves it."""

from __future__ import annotations

import errno
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from explorer.server import api, pages
from explorer.server.access import AccessGuard
from explorer.server.connections import BACKLOG, Connection, most_connections
from explorer.server.settings import Settings
from explorer.server.site import Site, environment

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def make_app(settings: Settings) -> Starlette:
    """The ASGI application: the pages and the API behind the access check.

    Startup resumes the queue. Shutdown lets the workers write their verdicts."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with Site.opened(settings) as site:
            app.state.site = site
            yield

    return Starlette(
        routes=[*api.ROUTES, *pages.ROUTES],
        middleware=[Middleware(AccessGuard, settings=settings)],
        lifespan=lifespan,
        exception_handlers={HTTPException: _refuse, OSError: full_disk, Exception: _break},
    )


def _error(request: Request, status: int, title: str, text: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": f"{title}. {text}"}, status)
    return HTMLResponse(environment().get_template("message.html.j2").render(title=title, text=text), status)


def _refuse(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    title = {404: "There is no such page", 405: "This address does not accept that method"}.get(
        status, "The request was not understood"
    )
    return _error(request, status, title, "Use the links to the existing pages.")


def _break(request: Request, error: Exception) -> Response:
    """The response after an unexpected error. Starlette raises the error again, so the terminal shows it."""
    return _error(
        request, 500, "The server failed to do that", "This is a bug in Trustwalk. The terminal shows what happened."
    )


def full_disk(request: Request, error: Exception) -> Response:
    """The response if the disk with the runs is full. Raises any other error again."""
    if not isinstance(error, OSError) or error.errno not in _FULL:
        raise error
    return _error(
        request,
        507,
        "The disk is full",
        f"Nothing more can be written to the folder of the runs ({error.strerror}). Delete runs or packages, then try again.",
    )


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def serve(settings: Settings, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C or SIGTERM. `ready` is called once the page responds."""
    Connection.most = most_connections()
    config = uvicorn.Config(
        make_app(settings),
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        ws="none",
        http=Connection,
        backlog=BACKLOG,
        proxy_headers=False,
    )

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if not self.should_exit:
                ready()

    Server(config).run(sockets=[listening])
