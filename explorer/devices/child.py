"""Waits for a child process within a limit, and leaves none behind."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process


async def output_within(process: Process, seconds: float) -> tuple[bytes, bytes]:
    """What a process printed to its pipes, as (stdout, stderr), once it has ended.

    It is killed if it has not ended after `seconds`, or if the caller is cancelled. Raises TimeoutError after
    `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return out or b"", err or b""
