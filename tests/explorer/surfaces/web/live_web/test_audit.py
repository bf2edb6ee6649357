"""What an audit finds on a real page in a real browser, and that the page never notices it."""

from __future__ import annotations

import pytest

from explorer.surfaces.web.audit import LIMIT
from flows.flaw import Flaw, Weight
from tests.explorer.surfaces.web_world import GOOD, World

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = """<!doctype html><html lang=en><title>Desk</title>
<meta http-equiv=Content-Security-Policy content="default-src 'self' {plain}; script-src 'nonce-n'; style-src 'unsafe-inline'; require-trusted-types-for 'script'">
<main><h1>Desk</h1>
<p id=faint style="color:#bbb;background:#fff">Prices without tax</p>
<button id=bare type=button></button>
<form action="{plain}/login" method=get><h2>Log in</h2><label>Password <input type=password></label><button>Go</button></form>
<form action="/ok" method=post><label>PIN <input type=password autocomplete=current-password></label></form>
<iframe src="/inner" title="More"></iframe></main>
<script nonce=n>
  document.cookie = "app_session=hunter2"; document.cookie = "sid=x; Secure; SameSite=Lax";
  document.cookie = "csrftoken=x"; document.cookie = "theme=dark";
  var noticed = 0;
  new MutationObserver((all) => { noticed += all.length }).observe(document, {subtree: true, childList: true, attributes: true});
  addEventListener('message', () => { noticed++ });
</script>"""
INNER = "<!doctype html><html lang=en><title>In</title><main><h1>In</h1><input id=nameless></main>"


async def test_an_audit_finds_one_of_each_and_the_page_does_not_notice(world: World) -> None:
    world.pages["/inner"] = INNER
    async with world.surface(PAGE) as surface:
        await surface.observe()
        surface.drain()
        found = await surface.audit()
        assert found.problem == ""
        assert [r.kind for r in surface.drain() if r.kind.startswith(("Network.request", "Runtime.exception"))] == []
        answer = await surface.tab.watch.cdp.call(
            surface.tab.session, "Runtime.evaluate", {"expression": "[noticed, typeof axe]", "returnByValue": True}
        )
        assert answer["result"]["value"] == [0, "undefined"]
    flaws = {(f.rule, f.control): f for f in found.flaws}

    def one(rule: str) -> Flaw:
        (mine,) = [f for f in found.flaws if f.rule == rule]
        return mine

    assert (
        one("accessibility/button-name").control == "#bare"
        and one("accessibility/button-name").weight is Weight.CRITICAL
    )
    assert (
        one("accessibility/color-contrast").control == "#faint"
        and "Prices without tax" in one("accessibility/color-contrast").detail
    )
    assert one("accessibility/label").control == f"#nameless in {GOOD}:{world.good.port}/inner"
    assert one("form-sent-in-clear").weight is Weight.CRITICAL and one("form-password-in-address").control == "«Log in»"
    assert one("form-no-autocomplete").control == "«Password»"
    assert {c for r, c in flaws if r == "cookie-not-secure"} == {f"cookie «app_session» of {GOOD}"}
    assert {c for r, c in flaws if r == "cookie-for-scripts"} == {
        f"cookie «{n}» of {GOOD}" for n in ("app_session", "sid")
    }
    assert {c for r, c in flaws if r == "cookie-for-any-site"} == {f"cookie «app_session» of {GOOD}"}
    assert "hunter2" not in repr(found)


async def test_a_page_that_is_not_encrypted_may_not_ask_for_a_password(world: World) -> None:
    html = "<!doctype html><html lang=en><title>x</title><label>Password <input type=password autocomplete=current-password></label>"
    world.pages["/plain-login"] = html
    surface = await world.browser.surface("t", f"{world.origin('plain')}/plain-login")
    try:
        await surface.open()
        await surface.settle(10)
        assert {f.rule for f in (await surface.audit()).flaws if not f.rule.startswith("accessibility/")} == {
            "form-password-in-clear"
        }
    finally:
        await surface.close()


async def test_a_page_that_does_not_answer_costs_no_more_than_the_limit_and_is_said(world: World) -> None:
    async with world.surface("<!doctype html><title>x</title><button>go</button>") as surface:
        surface.tab.watch.cdp.post(
            surface.tab.session,
            "Runtime.evaluate",
            {"expression": f"for (const end = Date.now() + {int(LIMIT * 2000)}; Date.now() < end;);"},
        )
        found = await surface.audit()
        assert found.flaws == () and found.problem.startswith("A page could not be looked at: ")


async def test_what_a_browser_shows_in_place_of_a_page_is_not_audited(world: World) -> None:
    surface = await world.browser.surface("t", f"{world.origin('bad')}/")
    try:
        await surface.open()
        await surface.settle(10)
        assert await surface.audit() == type(await surface.audit())()
    finally:
        await surface.close()
