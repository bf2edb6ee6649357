"""The global proxy as Android keeps it: the service reads the setting late, and an empty one changes nothing."""

from __future__ import annotations

import pytest

from explorer.lab.android.proxy_service import ASKED, ProxyService, Settings, as_found


@pytest.mark.parametrize(
    ("asked", "in_force"),
    [("office:3128", ("office", 3128)), ("office", ("office", 8080)), (":0", None), ("", ("localhost", 7))],
)
def test_a_setting_comes_into_force_a_moment_later(asked: str, in_force: tuple[str, int] | None) -> None:
    settings: Settings = {ASKED: "localhost:7"}
    service = ProxyService(settings)
    service.look()
    settings[ASKED] = asked
    service.changed()
    service.tick()
    assert service.in_force == ("localhost", 7)
    service.tick()
    assert service.in_force == in_force


def test_a_setting_that_is_deleted_before_it_was_read_leaves_the_proxy_in_force() -> None:
    settings: Settings = {ASKED: "localhost:7"}
    service = ProxyService(settings)
    service.look()
    settings[ASKED] = ":0"
    service.changed()
    del settings[ASKED]
    for _ in range(3):
        service.tick()
    assert service.in_force == ("localhost", 7)


def test_what_android_leaves_of_a_removed_proxy_counts_as_nothing() -> None:
    settings: Settings = {ASKED: ":0"}
    ProxyService(settings).look()
    assert as_found(settings) == {ASKED: ":0"} and len(settings) > 1
