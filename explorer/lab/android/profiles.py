"""The kinds of Android that the virtual device can be: levels, vendors, and what each does differently.

No profile is a recording of a phone. Each follows AOSP's source of its level, or what users of the vendor's phones
report; the fields name the source. The model's name stays «Trustwalk_Virtual_Device», so that nobody takes a report for
one of a real phone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

FIRST_UID = 10_100
"""User id of the first package that is installed. Android counts from 10000 and gives the first ones to its own apps
(`android.os.Process.FIRST_APPLICATION_UID`)."""
_COMMON = {
    "ro.product.name": "trustwalk_virtual",
    "ro.product.model": "Trustwalk_Virtual_Device",
    "ro.product.device": "virtual",
    "ro.build.version.codename": "REL",
    "ro.build.version.preview_sdk": "0",
    "sys.boot_completed": "1",
    "dev.bootcomplete": "1",
    "init.svc.bootanim": "stopped",
    "ro.product.cpu.abi": "x86_64",
    "ro.product.cpu.abilist": "x86_64,arm64-v8a",
    "persist.sys.locale": "en-US",
    "ro.product.locale": "en-US",
    "persist.sys.timezone": "UTC",
    "ro.debuggable": "0",
    "ro.secure": "1",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of device. `api` is its level, `release` Android's version, `maker` the value of
    `ro.product.manufacturer`."""

    name: str
    api: int
    release: str
    maker: str
    users: tuple[int, ...] = (0,)
    """Android users on the device. With Samsung's Secure Folder there is a user 150 that the shell may not touch: a
    command of the package manager for all users ends with a SecurityException (mobile-dev-inc/maestro#418)."""
    locked: bool = False
    """Whether the shell may neither write secure settings, nor clear data, nor inject input, until its owner switches on
    «USB debugging (Security settings)» (appium/appium#9807, #13802)."""
    emulator: bool = False
    more: dict[str, str] = field(default_factory=dict)
    """Further properties."""

    @property
    def properties(self) -> dict[str, str]:
        """What `getprop` shows."""
        own = {
            "ro.product.manufacturer": self.maker,
            "ro.product.brand": self.maker.lower(),
            "ro.build.version.sdk": str(self.api),
            "ro.build.version.release": self.release,
        }
        qemu = {"ro.kernel.qemu": "1", "ro.boot.qemu": "1"} if self.emulator else {}
        return {**_COMMON, **own, **qemu, **self.more}


PIXEL_34 = Profile("pixel-34", 34, "14", "Google")
PIXEL_36 = Profile("pixel-36", 36, "16", "Google")
SAMSUNG = Profile("samsung", 34, "14", "samsung", users=(0, 150))
XIAOMI = Profile("xiaomi", 33, "13", "Xiaomi", locked=True)
EMULATOR_CI = Profile("emulator-ci", 34, "14", "Google", emulator=True)
OLD_26 = Profile("old-26", 26, "8.0.0", "Google")
PROFILES = (PIXEL_34, PIXEL_36, SAMSUNG, XIAOMI, EMULATOR_CI, OLD_26)
