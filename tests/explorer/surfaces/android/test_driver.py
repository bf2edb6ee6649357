"""What Appium's failures mean: for one call, or for the session."""

from __future__ import annotations

import pytest
from selenium.common.exceptions import InvalidSessionIdException, WebDriverException

from explorer.surfaces.android.driver import CallFailed, Driver
from explorer.surfaces.surface import SurfaceGone
from tests.explorer.surfaces.android.session import Session, driver


def fail(error: Exception) -> None:
    raise error


async def test_a_session_tells_how_dense_its_screen_is() -> None:
    one = await driver(Session(capabilities={"pixelRatio": 2.75}))
    assert one.begun and one.density == 2.75


async def test_a_session_that_appium_refuses_is_gone_before_it_began() -> None:
    async def there() -> str:
        return ""

    one = Driver("emulator-5554", there)
    with pytest.raises(SurfaceGone, match="refused the session on emulator-5554: no such device"):
        await one.begin(lambda: fail(WebDriverException("no such device\nstack")))
    assert not one.begun


async def test_a_call_that_fails_leaves_the_session_as_it_is() -> None:
    one = await driver(Session())
    with pytest.raises(CallFailed, match=r"^no such element$"):
        await one.ask(lambda _: fail(WebDriverException("no such element\nstack")))
    assert await one.page() == "<hierarchy/>"


@pytest.mark.parametrize(
    "error", [InvalidSessionIdException("x"), WebDriverException("Could not proxy command: reset")]
)
@pytest.mark.parametrize("absence", ["", "The device was unplugged."])
async def test_a_dead_session_is_told_from_a_device_that_is_gone(error: Exception, absence: str) -> None:
    one = await driver(Session(), absence)
    with pytest.raises(SurfaceGone, match=absence or "The session on emulator-5554 ended"):
        await one.ask(lambda _: fail(error))


async def test_a_server_that_does_not_answer_is_gone() -> None:
    one = await driver(Session())
    with pytest.raises(SurfaceGone, match=r"Appium ended or cannot be reached .ConnectionRefusedError."):
        await one.ask(lambda _: fail(ConnectionRefusedError()))


async def test_one_page_may_be_missed_and_not_two_in_a_row() -> None:
    missed = WebDriverException("Timed out while waiting for the root node")
    assert await (await driver(Session((missed, "<page/>")))).page() == "<page/>"
    with pytest.raises(SurfaceGone, match="can no longer read the screen of emulator-5554: Timed out"):
        await (await driver(Session((missed,)))).page()


async def test_a_session_can_be_left_twice() -> None:
    session = Session()
    one = await driver(session, "It is gone.")
    await one.quit()
    one.shut()
    assert session.left
