"""A child process is waited for, and none is left behind."""

from __future__ import annotations

import asyncio
import sys

import pytest

from explorer.devices.child import output_within


async def child(code: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        code,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_what_a_child_printed_is_told_once_it_has_ended() -> None:
    process = await child("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert await output_within(process, 60) == (b"out\n", b"err\n")
    assert process.returncode == 3


async def test_a_child_that_takes_too_long_is_killed_and_waited_for() -> None:
    process = await child("import time; time.sleep(600)")
    with pytest.raises(TimeoutError):
        await output_within(process, 0.05)
    assert process.returncode == -9


async def test_a_child_dies_with_whoever_waited_for_it() -> None:
    process = await child("import time; time.sleep(600)")
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(output_within(process, 60))
        await asyncio.sleep(0)
        waiting.cancel()
    assert waiting.cancelled()
    assert process.returncode == -9
