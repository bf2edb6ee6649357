"""Every fault in front of a real Chromium that trusts the private root: it shows the net error that the lab promises."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Error, async_playwright

from explorer.devices.browser_setup import certutil_environment, find_browser, find_certutil
from explorer.tls.faults.front import serve
from explorer.tls.faults.known import KNOWN_FAULTS, fault_named
from explorer.tls.faults.mint import Authority

FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-gpu",
)


@pytest.fixture
async def chromium(root_file: Path, tmp_path: Path) -> AsyncIterator[Browser]:
    certutil = find_certutil()
    assert certutil is not None, "trustwalk doctor web --fix brings certutil"
    store = tmp_path / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for arguments in (("-N", "--empty-password"), ("-A", "-t", "C,,", "-n", "lab", "-i", str(root_file))):
        process = await asyncio.create_subprocess_exec(
            certutil, "-d", f"sql:{store}", *arguments, env=certutil_environment(certutil)
        )
        assert await process.wait() == 0
    # Issuers, CRLs and OCSP answers are served at 127.0.0.1 itself.
    rules = "--host-resolver-rules=MAP *.desk.test 127.0.0.1,MAP * ~NOTFOUND,EXCLUDE 127.0.0.1"
    async with async_playwright() as playwright:
        yield await playwright.chromium.launch(
            executable_path=await find_browser(), args=[*FLAGS, rules], env={**os.environ, "HOME": str(tmp_path)}
        )


async def shown(browser: Browser, url: str) -> str:
    """The net error, `hangs`, or the status of the page."""
    context = await browser.new_context()
    page = await context.new_page()
    try:
        answer = await page.goto(url, timeout=2500)
    except Error as error:
        text = error.message
        return "hangs" if "Timeout" in text else text.partition("net::")[2].split(" ")[0]
    finally:
        await context.close()
    return str(answer.status) if answer else "nothing"


@pytest.mark.nightly
async def test_chromium_names_each_fault_as_promised(chromium: Browser, authority: Authority) -> None:
    wrong = {}
    async with await serve(authority, ["chat.desk.test"], None) as front:
        for name in KNOWN_FAULTS:
            await front.present(name)
            promised = fault_named(name).chromium or ("400" if name.endswith("-400") else "200")
            found = await shown(chromium, f"https://chat.desk.test:{front.port}/")
            if found != promised:
                wrong[name] = f"{found}, not {promised}"
    assert wrong == {}
