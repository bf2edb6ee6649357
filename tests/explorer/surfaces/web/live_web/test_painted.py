"""No picture is taken of a page that paints the password, however the page wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.explorer.surfaces.web.live_web.test_guard import ACCOUNT, FORM, typed
from tests.explorer.surfaces.web_world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")
SHOWS = {
    "a long text": "q.textContent='word '.repeat(2000)+w",
    "SVG": "q.innerHTML='<svg><text y=20>'+w+'</text></svg>'",
    "generated content": "document.head.append(Object.assign(document.createElement('style'),{textContent:`#q::after{content:'${w}'}`}))",
    "a box for each letter": "q.innerHTML=[...w].map(c=>`<b style='display:inline-block'>${c}</b>`).join('')",
    "a closed shadow root": "q.attachShadow({mode:'closed'}).innerHTML=w",
    "the field itself": "f.p.type='text'",
    "a placeholder": "q.innerHTML=`<input placeholder='${w}'>`",
    "the words of a lost picture": "q.innerHTML=`<img alt='${w}'>`",
    "a frame": "q.innerHTML=`<iframe srcdoc='<p>${w}'></iframe>`",
}


async def test_a_picture_is_taken_until_the_password_is_painted(world: World, tmp_path: Path) -> None:
    async with world.surface(FORM + "<p id=q></p>", account=ACCOUNT) as surface:
        await typed(surface)
        tab = surface.tab
        assert await surface.screenshot(tmp_path / "a.png")
        left = []
        for name, code in SHOWS.items():
            run = f"(()=>{{const w='right-horse',o=q.cloneNode();q.replaceWith(o);o.id='q';const {{f}}=window;((q)=>{{{code}}})(o)}})()"
            await tab.watch.cdp.call(tab.session, "Runtime.evaluate", {"expression": run})
            await surface.settle(2)
            if await surface.screenshot(tmp_path / "b.png"):
                left.append(name)
            undo = "f.p.type='password';document.querySelectorAll('style').forEach(s=>s.remove());q.replaceChildren()"
            undo = f"{undo};(o=>{{q.replaceWith(o);o.id='q'}})(document.createElement('p'))"
            await tab.watch.cdp.call(tab.session, "Runtime.evaluate", {"expression": undo})
        assert left == []
        assert await surface.screenshot(tmp_path / "c.png")
