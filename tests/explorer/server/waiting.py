"""Waiting for what another process does."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any


async def eventually(good: Callable[[], Awaitable[Any] | Any], seconds: float = 120) -> Any:
    """The first true value of a condition. Raises TimeoutError if it never comes."""
    async with asyncio.timeout(seconds):
        while True:
            value = good()
            if inspect.isawaitable(value):
                value = await value
            if value:
                return value
            await asyncio.sleep(0.05)  # files and processes of others ring no bell
