"""What a target is asked to tell: all of them of their traffic, and those that show something of that as well."""

from __future__ import annotations

import pytest

from explorer.surfaces.web.subscribe import subscribe
from explorer.surfaces.web.tokens import NO_BODIES
from tests.explorer.surfaces.web.test_gate import Told


@pytest.mark.parametrize("page", [True, False])
def test_every_target_tells_of_its_traffic_and_pages_can_be_read(page: bool) -> None:
    cdp = Told()
    subscribe(cdp, "s", page=page, script="read()", bodies=NO_BODIES)
    said = {method: params for _, method, params in cdp.said}
    assert said["Network.enable"] == NO_BODIES
    assert {"Log.enable", "Security.enable", "Runtime.enable"} <= said.keys()
    assert (said.get("Page.addScriptToEvaluateOnNewDocument") or {}).get("source") == ("read()" if page else None)
