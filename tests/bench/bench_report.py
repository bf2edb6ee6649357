"""The page of 200 sessions: how soon it shows, and how soon a key in its search does."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from reports import render
from tests.reports.runs import write_run

WATCH = """
  window.longest = [];
  new PerformanceObserver((list) => { for (const e of list.getEntries()) window.longest.push(Math.round(e.duration)); })
    .observe({type: 'longtask', buffered: true});
"""
OPENED = """() => ({
  first: Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime),
  loaded: Math.round(performance.getEntriesByType('navigation')[0].loadEventEnd),
  elements: document.querySelectorAll('*').length,
  longest: window.longest,
})"""
TYPED = """async (text) => {
  window.longest = [];
  const field = document.querySelector('#f-text');
  field.value = text;
  const begun = performance.now();
  field.dispatchEvent(new Event('input', {bubbles: true}));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  const painted = Math.round(performance.now() - begun);
  await new Promise((done) => setTimeout(done, 100));
  return {painted, longest: window.longest};
}"""


async def _loaded(page: Page) -> None:
    await page.wait_for_function("performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
    await page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")


async def main() -> None:
    """Print the figures; a long task is one of more than 50 ms."""
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder:
        run = write_run("two-hundred", Path(folder) / "run")
        begun = time.perf_counter()
        render(run, ["html"], run)
        size = (run / "report.html").stat().st_size
        print(f"written in {time.perf_counter() - begun:.1f} s, {size / 1e6:.1f} MB")
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            page = await browser.new_page(viewport={"width": 1280, "height": 800})
            await page.add_init_script(WATCH)
            await page.goto((run / "report.html").as_uri())
            await _loaded(page)
            opened: dict[str, Any] = await page.evaluate(OPENED)
            print(
                f"{opened['elements']} elements: first painted after {opened['first']} ms, ready after {opened['loaded']} ms, "
                f"long tasks {opened['longest'] or 'none'}"
            )
            took: list[int] = []
            long: list[int] = []
            for text in ("c", "ch", "chat", "chat.", "chat", "novice", ""):
                typed: dict[str, Any] = await page.evaluate(TYPED, text)
                took.append(typed["painted"])
                long += typed["longest"]
            print(
                f"a key in the search: painted after {sorted(took)[len(took) // 2]} ms, {max(took)} ms at most; long tasks {long or 'none'}"
            )
    print(f"load of this machine meanwhile: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
