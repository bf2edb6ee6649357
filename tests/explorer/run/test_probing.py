"""The probe asks no private address that only a public page named."""

from __future__ import annotations

import asyncio

from explorer.request.resolve import RunOptions
from explorer.run.probing import diagnose_endpoints


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
