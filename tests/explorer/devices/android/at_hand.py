"""A virtual device whose shell is asked directly, without adb: for what a device answers, not for how it gets there."""

from __future__ import annotations

from pathlib import Path

from explorer.devices.android.device import AndroidDevice
from explorer.lab.android.device import VirtualDevice
from explorer.lab.android.profiles import PIXEL_34, Profile
from explorer.lab.android.shell import Io, run
from explorer.lab.android.wire import Stream, StreamClosed


class Heard(Stream):
    """A stream that keeps what is written to it."""

    def __init__(self) -> None:
        self.said = b""

    async def write(self, data: bytes) -> None:
        self.said += data


class AtHand(AndroidDevice):
    """The product's device over the shell of a virtual one."""

    def __init__(self, virtual: VirtualDevice) -> None:
        super().__init__(Path("adb"), 0, virtual.serial)
        self.virtual = virtual

    async def shell(self, command: str, limit: float = 30.0) -> str:
        heard = Heard()
        await run(command, Io(heard, v2=False), self.virtual.command, self.virtual.unknown.append)
        return heard.said.decode()

    async def _adb(self, *words: str, limit: float = 60.0) -> tuple[int, str]:
        verb, *rest = words
        assert verb == "reverse", words
        asked = f"killforward:{rest[1]}" if rest[0] == "--remove" else f"forward:{';'.join(rest)}"
        said = (await self.virtual.reverse.ask(asked, _nobody)).decode()
        return int(said.startswith("FAIL")), said.removeprefix("OKAY")[4:]


async def _nobody(service: str) -> Stream:
    raise StreamClosed(service)


def at_hand(profile: Profile = PIXEL_34) -> AtHand:
    return AtHand(VirtualDevice({}, {}, "", profile=profile))
