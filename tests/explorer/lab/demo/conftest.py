from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from explorer.lab.demo.app import DemoApp
from explorer.lab.demo.walkthrough import Walk, browser

Visit = Callable[..., AbstractAsyncContextManager[Walk]]


@pytest.fixture
def visit(tmp_path: Path) -> Visit:
    """`async with visit({"chat": "expired"}, skin="modern") as walk`: a running demo, and a visitor who opened it."""

    @asynccontextmanager
    async def open_demo(
        faults: dict[str, str] | None = None, *, skin: str = "classic", language: str = "en", **context: Any
    ) -> AsyncIterator[Walk]:
        app = DemoApp(faults, skin=skin, language=language, workdir=tmp_path / "demo")
        async with app as demo, browser(demo, tmp_path / "home", **context) as opened:
            walk = Walk(demo, await opened.new_page())
            await walk.open()
            yield walk

    return open_demo
