"""The support app on the virtual device, without adb: what its screens and its log say when a host is broken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from explorer.lab.android.device import VirtualDevice
from explorer.lab.android.lab import support_apk
from explorer.lab.android.support import PACKAGE, support_app
from explorer.lab.android.widgets import source
from explorer.lab.demo.app import DemoApp
from explorer.surfaces.android.screen import read
from flows.screen import Screen

LIMIT = 15.0


@dataclass
class Phone:
    """A user's hands and eyes on the device."""

    device: VirtualDevice
    demo: DemoApp

    def screen(self) -> Screen:
        return read(source(self.device.display.laid_out()[0])).screen

    async def until(self, words: str) -> Screen:
        """Until these words, an element or a field of that name are there."""
        async with asyncio.timeout(LIMIT):
            while True:
                if words in self.screen().words():
                    return self.screen()
                await asyncio.sleep(0.01)

    async def tap(self, name: str) -> None:
        await self.until(name)
        for placed in self.device.display.laid_out()[1]:
            if name in {placed.widget.text, placed.widget.hint}:
                x, y, width, height = placed.box
                self.device.display.touch(x + width // 2, y + height // 2)
                return

    async def type(self, name: str, text: str) -> None:
        await self.tap(name)
        self.device.display.type_text(text, replace=True)

    def log(self) -> str:
        return "\n".join(line.text for line in self.device.log.since(0, ("main", "crash")))

    async def logged(self, words: str) -> str:
        async with asyncio.timeout(LIMIT):
            while True:
                if words in self.log():
                    return self.log()
                await asyncio.sleep(0.01)


@pytest.fixture
async def phone(tmp_path: Path) -> AsyncIterator[Phone]:
    async with DemoApp(skin="modern", workdir=tmp_path) as demo:
        routes = {(name, port): (address, port) for name, port, address in demo.resolve}
        ports = {name: port for name, port, _ in demo.resolve}
        app = {PACKAGE: support_app(ports)}
        async with VirtualDevice(app, routes, demo.ca.read_text(encoding="utf-8")) as device:
            device.network.patience = 2.0
            assert device.install([support_apk().read_bytes()], grant=True) == ""
            yield Phone(device, demo)


async def send_request(phone: Phone) -> None:
    phone.device.launch(PACKAGE)
    await phone.tap("Write to us")
    for field in ("Your name", "E-mail address", "Subject", "How can we help?"):
        await phone.type(field, "a@desk.test")
    await phone.tap("Send request")


ANCHOR = "Trust anchor for certification path not found."


async def test_a_broken_host_is_told_on_the_screen_and_in_the_log(phone: Phone) -> None:
    await phone.demo.present("tickets", "expired")
    await send_request(phone)
    await phone.until("Failed to send your request.")
    assert "Request failed: https://tickets.desk.test:" in await phone.logged("Certificate expired at")
    assert not phone.demo.state.tickets


async def test_all_good_logs_no_failure(phone: Phone) -> None:
    await send_request(phone)
    await phone.until("Thank you!")
    assert "Exception" not in phone.log() and phone.demo.state.beacons["launch"] == 1


async def test_a_broken_beacon_fails_nothing(phone: Phone) -> None:
    await phone.demo.present("analytics", "expired")
    await send_request(phone)
    await phone.until("Thank you!")
    await phone.logged("https://analytics.desk.test")


@pytest.mark.parametrize(
    ("host", "taps", "words"),
    [
        ("portal", (), "Desk Support is not available."),
        ("chat", ("Talk to an agent",), "Cannot connect to our agents."),
        ("kb", ("Help center",), "Content unavailable"),
    ],
)
async def test_each_host_fails_in_its_own_way(phone: Phone, host: str, taps: tuple[str, ...], words: str) -> None:
    await phone.demo.present(host, "self-signed")
    phone.device.launch(PACKAGE)
    for name in taps:
        await phone.tap(name)
    await phone.until(words)
    assert f"://{host}.desk.test" in await phone.logged(ANCHOR)


async def test_a_profile_that_cannot_be_fetched_spins_for_ever(phone: Phone) -> None:
    phone.device.launch(PACKAGE)
    await phone.tap("Sign in")
    user, password = phone.demo.login
    await phone.type("E-mail", user)
    await phone.type("Password", password)
    await phone.tap("Continue")
    await phone.until("Sign out")
    await phone.demo.present("api", "expired")
    await phone.tap("My profile")
    await phone.logged("https://api.desk.test")
    assert phone.screen().busy


async def test_an_http_error_is_no_exception_in_the_log(phone: Phone) -> None:
    await phone.demo.misbehave("tickets", "http-500")
    await send_request(phone)
    await phone.until("Failed to send your request.")
    assert "Exception" not in phone.log()
