"""Strangers, other sites and turned names stay outside."""

from __future__ import annotations

import re
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.routing import Route

from explorer.server import api, pages
from explorer.server.settings import Settings

ROUTES: list[Route] = [*api.ROUTES, *pages.ROUTES]


def asked(route: Route) -> tuple[str, str]:
    """Method and path of a route, with something in each place."""
    method = next(m for m in sorted(route.methods or ()) if m != "HEAD")
    return method, re.sub(r"{\w+}", "x", route.path)


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: f"{'-'.join(sorted(r.methods))} {r.path}")
async def test_without_the_token_nothing_is_told(server: Any, route: Route) -> None:
    method, path = asked(route)
    async with server.stranger() as client:
        for headers in (
            {},
            {"Authorization": "Bearer wrong"},
            {"Cookie": f"trustwalk-{urlsplit(server.base).port}=wrong"},
        ):
            answer = await client.ask(method, path, headers=headers)
            assert answer.status == 401
            assert "set-cookie" not in answer.headers


async def test_a_wrong_token_in_the_address_opens_nothing(server: Any) -> None:
    async with server.stranger() as client:
        for wrong in ("", "x", server.token[:-1], server.token + "x", "é"):
            assert (await client.get("/", params={"token": wrong})).status == 401


async def test_the_first_visit_moves_the_token_into_a_strict_cookie(server: Any) -> None:
    async with server.stranger() as client:
        first = await client.get("/runs", params={"token": server.token, "a": "b"})
        assert first.status == 303
        assert first.headers["location"] == "/runs?a=b"
        cookie = first.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=strict" in cookie and "domain" not in cookie
        assert (await client.get("/runs")).status == 200


async def test_the_first_visit_leads_to_no_other_site(server: Any) -> None:
    async with server.stranger() as client:
        first = await client.get(f"http://{urlsplit(server.base).netloc}//evil.example/%2e%2e?token={server.token}")
        assert not first.headers["location"].startswith(("//", "http", "/\\"))


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", "127.0.0.1", "127.0.0.1.evil.example:{port}", ""]
)
async def test_a_name_turned_to_this_address_gets_nothing(server: Any, host: str) -> None:
    """DNS rebinding: the browser believes to be at evil.example, and would send what it has for it."""
    port = urlsplit(server.base).port
    async with server.client() as client:
        for path in ("/", "/api/v1/runs", f"/?token={server.token}"):
            answer = await client.get(path, headers={"Host": host.format(port=port)})
            assert answer.status in (400, 421)
            assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://127.0.0.1:1",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1:{port}.evil.example",
    ],
)
async def test_other_sites_cannot_ask_in_the_name_of_the_person(server: Any, origin: str) -> None:
    """CSRF: a form or a script of another site, in the browser that holds the cookie."""
    headers = {"Origin": origin.format(port=urlsplit(server.base).port)}
    async with server.stranger() as client:
        await client.get("/", params={"token": server.token})
        for method, path in (("POST", "/runs"), ("POST", "/apps"), ("DELETE", "/api/v1/runs/x"), ("GET", "/runs")):
            assert (await client.ask(method, path, headers=headers)).status == 403
    async with server.client() as client:
        assert (await client.post("/runs", headers=headers)).status == 403


async def test_a_cookie_alone_changes_nothing_unless_the_browser_says_where_from(server: Any) -> None:
    async with server.stranger() as client:
        await client.get("/", params={"token": server.token})
        assert (await client.post("/runs", data={"target": "x"})).status == 403
        assert (
            await client.post("/runs", data={"target": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
        ).status == 403
        assert (await client.post(f"/runs?token={server.token}", data={"target": "x"})).status == 403
        own = {"Origin": server.base.rstrip("/")}
        assert (
            await client.post("/runs", data={"target": "x"}, headers=own)
        ).status == 422  # let in, and not understood


async def test_every_answer_carries_its_policy(server: Any) -> None:
    async with server.client() as client:
        for path in ("/", "/runs", "/nothing", "/static/page.js", "/api/v1/runs", "/runs/x/report.html"):
            headers = (await client.get(path)).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            assert "access-control-allow-origin" not in headers
            assert "server" not in headers


def raw(server: Any, request: str, body: bytes = b"") -> bytes:
    """The answer to bytes that no decent client would send; its first line."""
    place = urlsplit(server.base)
    with socket.create_connection((place.hostname or "", place.port or 0), 30) as stranger:
        head = request.format(host=place.netloc, token=server.token).replace("\n", "\r\n")
        stranger.sendall(head.encode() + b"\r\n\r\n" + body)
        return stranger.recv(4_096).split(b"\r\n", 1)[0]


def test_a_stranger_is_refused_before_a_byte_of_the_upload_is_kept(server: Any) -> None:
    """The body never ends: an answer that waited for it would never come."""
    before = set((server.runs / ".serve/uploads").iterdir())
    for path in ("/api/v1/uploads", "/apps"):
        for kind in ("Transfer-Encoding: chunked", "Content-Length: 999999999999"):
            assert b" 401 " in raw(server, f"POST {path} HTTP/1.1\nHost: {{host}}\n{kind}", b"5\r\nhello\r\n")
    assert set((server.runs / ".serve/uploads").iterdir()) == before


def test_two_names_at_once_are_none(server: Any) -> None:
    known = "Authorization: Bearer {token}"
    assert b" 400 " in raw(server, f"GET / HTTP/1.1\nHost: {{host}}\nHost: evil.example\n{known}")
    assert b" 400 " in raw(server, f"GET / HTTP/1.1\n{known}")
    assert b" 421 " in raw(server, f"GET / HTTP/1.1\nHost: evil.example\n{known}")


def test_a_live_run_is_shown_to_no_stranger(server: Any) -> None:
    assert b" 401 " in raw(server, "GET /runs/x/events HTTP/1.1\nHost: {host}\nAccept: text/event-stream")


def test_only_loopback_listens(server: Any) -> None:
    """Linux answers at all of 127/8: a server bound to every address would answer here."""
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.2", urlsplit(server.base).port), 5):
        pass


def test_a_server_for_all_addresses_still_wants_its_names(tmp_path: Any) -> None:
    settings = Settings(tmp_path, host="0.0.0.0", port=9, names=("Desk.example",))
    assert settings.authorities == {"127.0.0.1:9", "localhost:9", "[::1]:9", "desk.example:9"}
    assert settings.token not in repr(settings)
