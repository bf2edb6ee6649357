"""The probe asks no private address that only a public page named."""

from __future__ import annotations

import asyncio

import pytest

from explorer.request.resolve import RunOptions
from explorer.run.probing import diagnose_endpoints
from explorer.surfaces.web.border import addresses
from explorer.tls.connect import Unanswered, Unreachable, resolved


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


async def test_a_name_that_nobody_answers_for_in_time_is_told_from_one_that_is_not_there() -> None:
    with pytest.raises(Unanswered, match="within 0 seconds"):
        await resolved("slow.shop.invalid", 443, 0)
    with pytest.raises(Unreachable) as missing:
        await resolved("missing.shop.invalid", 443, 20)
    assert not isinstance(missing.value, Unanswered)
    assert await addresses("missing.shop.invalid", 443) == ()
