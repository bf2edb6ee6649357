"""The browser as a whole: its net log, a death, a missing program."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.monitors.browser.netlog import read_netlog
from explorer.surfaces.surface import SurfaceGone
from explorer.surfaces.web.browser import Browser, resolver_rules
from explorer.tls.faults.front import serve
from explorer.tls.faults.mint import Authority


async def test_the_net_log_tells_chain_alert_and_that_the_host_was_reached(tmp_path: Path) -> None:
    authority = Authority.create()
    root = tmp_path / "root.pem"
    root.write_bytes(authority.root_pem)
    async with (
        await serve(authority, ["expired.test"], None, "expired") as expired,
        await serve(authority, ["old.test"], None, "weak-protocol") as old,
    ):
        resolve = [((f.names[0], f.port), "127.0.0.1") for f in (expired, old)]
        async with Browser(ca=[root], resolve=resolve, only_resolved=True, netlog=tmp_path / "net.json") as browser:
            for front in (expired, old):
                surface = await browser.surface("s", f"https://{front.names[0]}:{front.port}/")
                await surface.open()
                await surface.settle(10)
                await surface.close()
        lines = (tmp_path / "net.json").read_text().splitlines()
    hosts = [h for h, _ in resolve]
    told = read_netlog(lines, hosts)
    first, second = (told[h] for h in hosts)
    assert (
        first.tcp_connected and first.client_hello_sent and first.handshakes_done == 0 and first.address == "127.0.0.1"
    )
    assert len(first.chain) == 2 and "ERROR: Time is after notAfter" in first.path_errors
    assert second.alerts_received == ["protocol_version"] and second.chain == ()
    half = read_netlog([*lines[: len(lines) * 3 // 4], lines[-2][:40]], hosts)
    assert set(half) <= set(hosts)
    assert read_netlog(["{nonsense", "[]", "\x00"]) == {}


async def test_a_browser_that_dies_is_gone_everywhere() -> None:
    async with Browser() as browser:
        surface = await browser.surface("s", "about:blank")
        surface.tab.watch.cdp.post("", "Browser.close")
        await surface.tab.watch.cdp.ended()
        for call in (surface.observe, surface.open):
            with pytest.raises(SurfaceGone):
                await call()
        await surface.close()


async def test_a_program_that_is_no_browser_is_one_sentence(tmp_path: Path) -> None:
    fake = tmp_path / "fake"
    fake.write_text("#!/bin/sh\nexit 1\n")
    fake.chmod(0o755)
    with pytest.raises(SurfaceGone, match="could not be started"):
        async with Browser(executable=fake):
            pass


def test_resolver_rules_are_curls_resolve() -> None:
    assert resolver_rules([(("a.test", 443), "127.0.0.1"), (("b.test", 1), "::1")], only=True) == (
        "MAP a.test:443 127.0.0.1:443,MAP b.test:1 [::1]:1,MAP * ~NOTFOUND,EXCLUDE 127.0.0.1"
    )
