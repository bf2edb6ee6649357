"""The page as a person uses it: a real browser, mouse or keyboard, wide or narrow, with JavaScript or without."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from explorer.devices.browser_setup import find_browser
from explorer.lab.demo.app import DemoApp
from tests.explorer.server.journals import TARGET, events, write

DROP = """([target, name, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name));
  target.dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));
}"""
"""Drops a file, as the operating system would."""
LONG = 90_000
"""Milliseconds in which a real run must have come to its end, on a machine that does other things too."""


@pytest.fixture(scope="module")
def site(for_demo: Callable[[], Any]) -> Iterator[Any]:
    server = for_demo()
    write(server.runs, "old", events("old"))
    write(
        server.runs,
        "new",
        events("new", cause="expired", title='<img src=x onerror="document.title=1">', started=1_700_000_500.0),
    )
    server.start()
    yield server
    server.end(signal.SIGTERM)


@asynccontextmanager
async def browsing(server: Any, **context: Any) -> AsyncIterator[Page]:
    """A page that is let in. Whatever its console says against it fails the test."""
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=await find_browser(), args=["--no-sandbox"])
        held: BrowserContext = await browser.new_context(**context)
        page = await held.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda m: complaints.append(m.text) if m.type == "error" and "status of 4" not in m.text else None,
        )
        await page.goto(server.address)
        yield page
        await browser.close()
    assert complaints == []


async def fill(page: Page, demo: DemoApp, steps: int = 6) -> None:
    """The form for a short run."""
    await page.get_by_label("Address").fill(demo.url)
    for box in await page.get_by_role("group", name="Journeys").get_by_role("checkbox").all():
        await box.uncheck()
    await page.get_by_label("Submit a ticket").check()
    await page.get_by_label("Start a chat").check()
    await page.get_by_label("Curious").uncheck()
    await page.get_by_label("Impatient").check()
    await page.get_by_label("Steps at most").fill(str(steps))
    await page.get_by_label("test system of mine").check()


async def test_from_an_address_to_its_report(site: Any, demo: DemoApp) -> None:
    async with browsing(site) as page:
        await fill(page, demo, 12)
        await page.get_by_role("button", name="Start").click()
        await expect(page.get_by_role("alert")).to_contain_text("on this machine or on a private network")
        assert await page.get_by_label("Impatient").is_checked() and not await page.get_by_label("Curious").is_checked()
        await page.get_by_label("own machine or network").check()
        await page.get_by_role("button", name="Start").click()
        card = page.get_by_role("article")
        await expect(card).to_contain_text("impatient on desktop", timeout=LONG)
        await expect(card.get_by_role("img")).to_be_visible(timeout=LONG)
        await expect(page.get_by_role("region", name="Flow graph")).to_be_visible(timeout=LONG)
        address = page.url
        await page.goto("about:blank")  # closing the page does not stop it; coming back shows it
        await page.goto(address)
        await expect(page.get_by_role("link", name="Read the report")).to_be_visible(timeout=LONG)
        await expect(page.get_by_role("row", name="Start a chat")).to_contain_text("has expired")
        await page.get_by_role("link", name="Read the report").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("because TLS fails")
        assert await page.evaluate("origin") == "null"  # nothing of the page's is within its reach


async def test_a_run_is_stopped_with_the_keyboard_alone(site: Any, demo: DemoApp) -> None:
    async with browsing(site) as page:
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        for label in ("Address", "It is on my own machine or network"):
            while not await page.get_by_label(label).evaluate("e => e === document.activeElement"):
                await page.keyboard.press("Tab")
            await page.keyboard.press("Space") if "own" in label else await page.keyboard.type(demo.url)
        await page.get_by_label("Address").press("Enter")
        stop = page.get_by_role("button", name="Stop the run")
        await expect(page.get_by_role("article")).to_be_visible(timeout=LONG)
        await stop.focus()
        await stop.press("Enter")
        await expect(page.get_by_text("The run was stopped; the verdicts cover the time until then.")).to_be_visible(
            timeout=LONG
        )


async def test_without_javascript_a_run_is_started_and_read(site: Any, demo: DemoApp) -> None:
    async with browsing(site, java_script_enabled=False) as page:
        await fill(page, demo)
        await page.get_by_label("own machine or network").check()
        await page.get_by_role("button", name="Start").click()
        await expect(page.get_by_role("link", name="Read the report")).to_be_visible(
            timeout=LONG
        )  # it asks again by itself
        await page.goto(f"{site.base}runs/new/report.html")
        await expect(page.get_by_role("heading", level=1)).to_contain_text("because TLS fails")


async def test_a_package_is_chosen_and_told(site: Any, apk: Path) -> None:
    async with browsing(site) as page:
        await page.get_by_label("APK, or a package").set_input_files(apk)
        await page.get_by_role("button", name="Upload").click()
        await expect(page.get_by_role("heading", name="Desk Support")).to_be_visible()
        await expect(page.get_by_text("nothing was installed or run")).to_be_visible()
        await expect(page.get_by_text("chat.desk.test")).to_be_visible()


async def test_a_package_is_dropped_and_what_is_none_is_told_on_the_spot(site: Any, apk: Path) -> None:
    async with browsing(site) as page:
        place = await page.locator(".drop").first.element_handle()
        await page.evaluate(DROP, [place, "notes.apk", list(b"these are no bytes of an app")])
        await expect(page.get_by_role("alert")).to_contain_text("not an Android package")
        await page.evaluate(DROP, [place, "app.apk", list(apk.read_bytes())])
        await expect(page.get_by_role("heading", name="Desk Support")).to_be_visible()


async def test_the_history_tells_what_is_new_and_lets_a_run_go(site: Any) -> None:
    write(site.runs, "older", events("older", started=1_600_000_000.0))
    async with browsing(site) as page:
        await page.get_by_role("link", name="Runs").click()
        card = page.get_by_role("region", name=TARGET)
        await expect(card.get_by_text("1 new")).to_be_visible()
        strip = card.get_by_role("row", name="Start a chat").get_by_role("link")
        assert [await cell.get_attribute("class") for cell in await strip.all()] == [
            "cell passed",
            "cell passed",
            "cell failed",
        ]
        await strip.first.click()
        assert page.url.endswith("/runs/older")
        async with page.expect_download() as download:
            await page.get_by_role("link", name="run.zip").click()
        assert (await download.value).suggested_filename == "older.zip"
        await page.get_by_text("Delete this run").click()
        await page.get_by_role("button", name="Delete it").click()
        await expect(page.get_by_role("heading", name="Runs")).to_be_visible()
        assert not (site.runs / "older").exists()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (320, "light"), (1280, "dark")])
async def test_every_page_fits_and_can_be_read(site: Any, apk: Path, width: int, scheme: Any) -> None:
    async with site.client() as client:
        app = (await client.post("/api/v1/uploads", data=apk.read_bytes())).json(201)
    async with browsing(site, viewport={"width": width, "height": 800}, color_scheme=scheme) as page:
        for path in ("", "runs", "runs/new", "runs/nothing", app["url"][1:]):
            await page.goto(site.base + path)
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
            contrast = await page.evaluate(CONTRAST)
            assert contrast == [], path
            assert await page.title() and await page.get_by_role("heading", level=1).count() == 1


CONTRAST = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] === 1) return c; } return [255, 255, 255]; };
  const weak = [];
  for (const e of document.querySelectorAll('h1,h2,p,a,button,label,td,th,li,dd,dt,legend,.tag,.cell')) {
    if (!e.checkVisibility() || e.closest('.vh,.skip,svg,[disabled]') || !e.textContent.trim()) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) weak.push(e.textContent.trim().slice(0, 40));
  }
  return weak;
}"""
