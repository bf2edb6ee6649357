"""Each thing that a session may leave on a device is noticed."""

from __future__ import annotations

from explorer.lab.android.device import VirtualDevice
from explorer.lab.android.leavings import leavings
from tests.explorer.devices.android.at_hand import at_hand


async def test_a_device_as_it_was_found_has_nothing_left() -> None:
    assert leavings(VirtualDevice({}, {}, "")) == []


async def test_what_is_left_is_named() -> None:
    device = at_hand()
    virtual = device.virtual
    await device.proxy.use(9)
    virtual.files.put("/sdcard/Download/a.txt", b"a")
    virtual.files.pushed |= {"/sdcard/Download/a.txt", "/sdcard/Download/gone.txt", "/data/local/tmp/mock_apps.json"}
    virtual.files.put("/data/local/tmp/mock_apps.json", b"{}")
    await device.shell("ime set io.appium.settings/.UnicodeIME")
    virtual.display.turned = True
    port = virtual.reverse.ports[0]
    assert leavings(virtual) == [
        "the setting trustwalk_former_proxy",
        "the setting trustwalk_proxy_port",
        f"the proxy localhost:{port}",
        f"the forwarded port {port}",
        "the file /sdcard/Download/a.txt",
        "the keyboard io.appium.settings/.UnicodeIME",
        "the orientation",
    ]
    virtual.reverse.clear()
