"""The probe asks no private address that only a public page named."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace

import pytest

from explorer.request.credential import Login
from explorer.request.resolve import RunOptions
from explorer.run.probing import MOST_UNASKED, diagnose_endpoints, diagnose_unasked
from explorer.surfaces.web.border import addresses
from explorer.tls.connect import Unanswered, resolved
from explorer.tls.faults.front import serve
from explorer.tls.faults.mint import Authority
from flows.diagnosis import Cause
from flows.session import Endpoint, SessionLog
from flows.step import NamedHost
from tests.flows.builders import opening, session


async def test_a_private_host_is_asked_only_where_the_target_is_private_too() -> None:
    met: list[str] = []

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met.append("connection")
        writer.close()

    async with await asyncio.start_server(accept, "127.0.0.1", 0) as server:
        host = ("127.0.0.1", server.sockets[0].getsockname()[1])
        assert await diagnose_endpoints([host], RunOptions(target="https://shop.invalid/")) == {}
        assert met == []
        assert set(await diagnose_endpoints([host], RunOptions(target="http://127.0.0.1:1/"))) == {host}
        assert met


def resolver_says(monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    async def answer(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(error, "as the test wants it")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", answer)


async def test_a_name_that_nobody_answers_for_in_time_has_no_answer() -> None:
    with pytest.raises(Unanswered, match="within 0 seconds"):
        await resolved("slow.shop.invalid", 443, 0)


@pytest.mark.parametrize("error", [socket.EAI_NONAME, socket.EAI_NODATA])
async def test_a_name_that_is_not_there_leads_nowhere(monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    resolver_says(monkeypatch, error)
    assert await addresses("missing.shop.test", 443) == ()


@pytest.mark.parametrize("error", [socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_SYSTEM, socket.EAI_MEMORY])
async def test_any_other_failure_of_the_resolver_leaves_a_name_unanswered(
    monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    resolver_says(monkeypatch, error)
    assert await addresses("shop.test", 443) is None


async def test_a_host_whose_name_nobody_answers_for_is_told_and_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver_says(monkeypatch, socket.EAI_AGAIN)
    host = ("api.shop.test", 443)
    found = await diagnose_endpoints([host], RunOptions(target="https://shop.invalid/"))
    evidence = found[host].evidence
    assert found[host].causes == () and evidence is not None and "was not probed" in (evidence.error or "")


def naming(*hosts: Endpoint) -> list[SessionLog]:
    return [replace(session([opening()]), named=tuple(NamedHost(*host, "Manual") for host in hosts))]


async def test_a_host_of_the_target_s_own_that_nobody_asked_gets_a_handshake_and_other_sites_get_none() -> None:
    met: list[str] = []

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met.append("connection")
        writer.close()

    front = await serve(Authority.create(), ["files.example.com"], ("127.0.0.1", 1), "expired")
    async with front, await asyncio.start_server(accept, "127.0.0.1", 0) as server:
        own = ("files.example.com", front.port)
        other = ("partner.example", server.sockets[0].getsockname()[1])
        options = RunOptions(
            target="https://www.example.com/", resolve=tuple((h, "127.0.0.1") for h in (own, other)), only_resolved=True
        )
        found = await diagnose_unasked(naming(own, other), options)
        assert {host: d.causes[:1] for host, d in found.items()} == {own: (Cause.EXPIRED,)}
        assert met == []


async def test_of_a_site_with_any_number_of_hosts_a_few_are_asked() -> None:
    many = [(f"h{n}.example.com", 1) for n in range(MOST_UNASKED + 5)]
    options = RunOptions(
        target="https://www.example.com/", resolve=tuple((h, "127.0.0.1") for h in many), only_resolved=True
    )
    assert list(await diagnose_unasked(naming(*many), options)) == sorted(many[:MOST_UNASKED])


async def test_a_host_whose_name_spells_the_password_is_neither_looked_up_nor_asked() -> None:
    told, sound = ("hunter22x.evil.test", 1), ("files.example.com", 1)
    options = RunOptions(
        target="https://www.example.com/",
        login=Login.of("anna", "hunter22x"),
        resolve=tuple((h, "127.0.0.1") for h in (told, sound)),
        only_resolved=True,
    )
    assert list(await diagnose_endpoints([told, sound, ("68756e746572323278.evil.test", 1)], options)) == [sound]
