"""The page in a real browser: it opens from disk, breaks no policy, runs no hostile script and fits a phone."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from importlib.resources import files

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from reports import render
from tests.reports.runs import SMALLER, write_run

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def chromium(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        home: dict[str, str | float | bool] = {"HOME": str(tmp_path_factory.mktemp("home"))}
        yield await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"], env=home)


@pytest_asyncio.fixture(loop_scope="module")
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    """One browser for all tests: each opens contexts of its own, which end with the test."""
    yield chromium
    for context in chromium.contexts:
        await context.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The address of a run's report with pictures, by the run's name. Each is written once."""
    root = tmp_path_factory.mktemp("reports")

    def of(name: str) -> str:
        page = root / name / "report.html"
        if not page.exists():
            render(write_run(name, page.parent, pictures=name in SMALLER), ["html"], page.parent)
        return page.as_uri()

    return of


@pytest.mark.parametrize("name", ["failed", "hostile", "cut-off", "several-devices"])
@pytest.mark.parametrize("width", [390, 1280])
async def test_the_page_opens_from_disk_without_a_complaint_and_fits(
    browser: Browser, report: Callable[[str], str], name: str, width: int
) -> None:
    page = await browser.new_page(viewport={"width": width, "height": 800})
    trouble: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(report(name))
    assert trouble == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_filters_and_search_narrow_the_list_of_verdicts(browser: Browser, report: Callable[[str], str]) -> None:
    page = await browser.new_page()
    await page.goto(report("failed"))
    rows = page.locator("#all tbody tr:visible")
    assert await rows.count() == 24
    await page.get_by_label("Result").select_option("failed")
    assert await rows.count() == 11
    await page.get_by_label("Search").fill("CHAT.desk")
    assert await rows.count() == 3
    await page.get_by_label("Persona", exact=True).select_option("novice")
    assert await page.locator("#told").text_content() == "1 of 24 shown"


async def test_a_list_too_long_for_each_key_is_cut_where_it_says_so(
    browser: Browser, report: Callable[[str], str]
) -> None:
    page = await browser.new_page()
    await page.goto(report("two-hundred"))
    rows, told, more = (
        page.locator("#all tbody tr:visible"),
        page.locator("#told"),
        page.get_by_role("button", name="Show all"),
    )
    assert (await rows.count(), await told.text_content()) == (200, "1600 of 1600, the first 200 shown")
    await page.get_by_label("Search").fill("chat.desk")
    assert (await rows.count(), await told.text_content()) == (134, "134 of 1600 shown")
    assert not await more.is_visible()
    await page.get_by_label("Search").fill("")
    assert await rows.count() == 200
    await page.emulate_media(media="print")
    assert await rows.count() == 1600, "on paper nothing is left out"
    await page.emulate_media(media="screen")
    await more.click()
    assert (await rows.count(), await told.text_content()) == (1600, "1600 of 1600 shown")


PAPER = {"width": 688, "height": 1020}
"""A4 within the margins of the page's own `@page`."""


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("failed", True),
        ("failed", False),
        pytest.param("two-hundred", True, marks=pytest.mark.nightly),
        ("hostile", True),
    ],
)
async def test_on_paper_everything_is_unfolded_and_nothing_is_cut(
    browser: Browser, report: Callable[[str], str], name: str, script: bool
) -> None:
    context = await browser.new_context(
        java_script_enabled=script, viewport={"width": PAPER["width"], "height": PAPER["height"]}
    )
    page = await context.new_page()
    await page.goto(report(name))
    await page.emulate_media(media="print")
    folded, inside = page.locator("details:not([open])"), page.locator("details:not([open]) > div")
    assert await folded.count() > 0, "so that the style alone is what shows them"
    assert (
        await inside.evaluate_all(
            "all => all.filter((e) => !e.checkVisibility({contentVisibilityAuto: true}) || !e.getBoundingClientRect().height).length"
        )
        == 0
    )
    for gone in ("nav", ".filters", ".copy", ".skip"):
        assert await page.locator(f"{gone}:visible").count() == 0
    cut = await page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter((e) => {
             const box = e.getBoundingClientRect();
             return box.width && !e.closest('svg, .vh') && box.right > innerWidth + 1;
           }).map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert cut == []


async def test_printing_leaves_the_page_as_it_was(browser: Browser, report: Callable[[str], str]) -> None:
    page = await browser.new_page()
    await page.goto(report("failed"))
    folds = "[...document.querySelectorAll('details')].map((d) => [d.open, d.getAttribute('name')])"
    before = await page.evaluate(folds)
    await page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert all(is_open for is_open, _ in await page.evaluate(folds))
    await page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert await page.evaluate(folds) == before


async def test_without_javascript_everything_is_there(browser: Browser, report: Callable[[str], str]) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(report("failed"))
    assert await page.locator("#all tbody tr:visible").count() == 24
    assert not await page.get_by_label("Result").is_visible()
    await page.locator("summary", has_text="HAProxy").first.click()
    assert await page.get_by_text("bind :443 ssl crt").first.is_visible()


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("cut-off", "light"),
        ("failed", "dark"),
        pytest.param("compared", "light", marks=pytest.mark.nightly),
        pytest.param("compared", "dark", marks=pytest.mark.nightly),
        pytest.param("several-devices", "dark", marks=pytest.mark.nightly),
    ],
)
async def test_nobody_is_shut_out_by_the_page(
    browser: Browser, report: Callable[[str], str], name: str, scheme: str
) -> None:
    """axe-core, with all its rules, in both colour schemes; everything that folds is unfolded first."""
    context = await browser.new_context(color_scheme="dark" if scheme == "dark" else "light", bypass_csp=True)
    page = await context.new_page()
    await page.goto(report(name))
    await page.evaluate(
        "document.querySelectorAll('details').forEach((d) => { d.removeAttribute('name'); d.open = true; })"
    )
    await page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = (await page.evaluate("axe.run()"))["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []


async def test_the_keyboard_reaches_every_part_and_skips_to_the_report(
    browser: Browser, report: Callable[[str], str]
) -> None:
    page = await browser.new_page()
    await page.goto(report("failed"))
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Skip to the report"
    await page.locator("summary").first.focus()
    await page.keyboard.press("Enter")
    assert await page.locator("details").first.get_attribute("open") is not None
    for region in await page.locator(".scroll").all():
        wide = await region.evaluate("e => e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight")
        assert not wide or await region.get_attribute("tabindex") == "0"
