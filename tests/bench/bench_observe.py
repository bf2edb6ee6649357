"""What one look at a page costs us, by the number of its elements."""

from __future__ import annotations

import time

from aiohttp import web

from explorer.surfaces.web.browser import Browser

SIZES = (100, 1_000, 10_000)


def page(count: int) -> str:
    rows = "".join(f"<p>Row {n} <button>Open {n}</button></p>" for n in range(count // 2))
    return f"<!doctype html><title>{count}</title><main>{rows}</main>"


async def main() -> None:
    """Prints the median of nine looks at pages of each size, in ms, and what of it the page's own script took."""

    async def serve(request: web.Request) -> web.Response:
        return web.Response(text=page(int(request.match_info["count"])), content_type="text/html")

    app = web.Application()
    app.router.add_get("/{count:\\d+}", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        async with Browser(resolve=[(("page.test", port), "127.0.0.1")], only_resolved=True) as browser:
            for size in SIZES:
                surface = await browser.surface(f"s{size}", f"http://page.test:{port}/{size}")
                await surface.open()
                await surface.settle(10)
                took = []
                for _ in range(9):
                    begun = time.perf_counter()
                    screen = await surface.observe()
                    took.append(1000 * (time.perf_counter() - begun))
                await surface.close()
                cut = " (cut off)" if screen.truncated else ""
                print(
                    f"observe {size:>6} elements: {sorted(took)[4]:6.0f} ms, {len(screen.elements)} controls kept{cut}"
                )
        print("aim: below 50 ms at 1,000 elements")
    finally:
        await runner.cleanup()
