"""A file from a customer is dropped, or chosen with the keyboard alone, and its report opens."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from explorer.tls.faults.mint import Authority, pem
from tests.explorer.evidence.hars import har, page
from tests.explorer.server.conftest import Server
from tests.explorer.server.live_web.test_pages import DROP, LONG, browsing
from tests.explorer.server.test_recordings import FAILED


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("page") / "runs").start()
    yield server
    server.end(signal.SIGTERM)


async def test_a_har_is_dropped_and_becomes_a_report(site: Any) -> None:
    async with browsing(site) as shown:
        place = await shown.locator(".drop").last.element_handle()
        await shown.evaluate(DROP, [place, "notes.bin", list(b"\x00\x01 nothing")])
        await expect(shown.get_by_role("alert")).to_contain_text("This file", timeout=LONG)
        await shown.evaluate(DROP, [place, "session.har", list(har([page(), FAILED]))])
        await expect(shown.get_by_role("link", name="Read the report")).to_be_visible(timeout=LONG)
        await expect(shown.get_by_role("row", name="Submit a ticket")).to_contain_text("tickets.shop.example")


async def test_certificates_are_chosen_on_a_phone_with_the_keyboard_alone(site: Any, tmp_path: Path) -> None:
    (tmp_path / "chain.pem").write_bytes(pem(Authority.create().leaf(["shop.example"]).certificate))
    async with browsing(site, viewport={"width": 320, "height": 700}) as shown:
        chosen = shown.get_by_label("HAR, net log")
        await chosen.set_input_files(tmp_path / "chain.pem")
        await chosen.focus()
        await shown.keyboard.press("Tab")
        await expect(shown.get_by_role("button", name="Read it", exact=True)).to_be_focused()
        await shown.keyboard.press("Enter")
        output = shown.locator(".output")
        await expect(output).to_contain_text("shop.example", timeout=LONG)
        await expect(output).to_be_focused()
        assert await shown.evaluate("document.documentElement.scrollWidth") <= 320
