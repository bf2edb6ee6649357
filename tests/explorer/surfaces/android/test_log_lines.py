"""Which lines of a device's log tell of the explored app, whatever else runs on the device."""

from __future__ import annotations

import pytest

from explorer.surfaces.android.log import LogFollower

PACKAGE = "org.example.app"


def crashed(tag: str, text: str) -> str:
    """What the follower takes an event of the system for."""
    follower = LogFollower(0, "serial", PACKAGE, lambda: 1_700_000_000.0)
    follower._take(f"1700000000.000   612   612 I {tag:<8}: {text}")
    return follower.crashed


@pytest.mark.parametrize("name", [PACKAGE, f"{PACKAGE}:push"])
def test_a_crash_of_the_app_or_of_one_of_its_processes_is_one(name: str) -> None:
    assert crashed("am_crash", f"[4210,0,{name},551042630,java.lang.IllegalStateException,no,Api.java,41]") == "crash"
    assert crashed("am_anr", f"[0,4210,{name},551042630,Input dispatching timed out]") == "anr"


@pytest.mark.parametrize("name", [f"{PACKAGE}.debug", f"my.{PACKAGE}", "com.android.systemui"])
def test_a_crash_of_another_app_is_none_even_if_it_names_the_app(name: str) -> None:
    assert (
        crashed("am_crash", f"[4210,0,{name},0,java.lang.SecurityException,{PACKAGE} is not allowed,Api.java,41]") == ""
    )
    assert crashed("am_anr", f"[0,4210,{name},0,Waiting for {PACKAGE}]") == ""
