"""Whose an app on a phone is: its data are cleared before each session, and they may be those of the phone's owner.

An emulator belongs to whoever tests on it. On a phone, an app that was there before Trustwalk came is left alone until the
user says what to do. Which apps Trustwalk installed is kept on this machine, by the time of the installation.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from explorer.devices.android.device import AndroidDevice
from explorer.devices.android.tools import AndroidError
from readers import json_text
from readers.regular import read_text

MOST = 1 << 20
"""Bytes that the file of our own apps may have at most."""


@dataclass(frozen=True, slots=True)
class OwnApps:
    """The apps that Trustwalk installed on phones, in a file: serial → package → time of the installation on the phone."""

    file: Path

    def has(self, serial: str, package: str, since: str) -> bool:
        """Whether this installation of the package is ours."""
        return bool(since) and self._read().get(serial, {}).get(package) == since

    def note(self, serial: str, package: str, since: str) -> None:
        """Remember an installation as ours. A file that cannot be written costs a question at the next run."""
        known = self._read()
        known.setdefault(serial, {})[package] = since
        with contextlib.suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self.file.write_text(json.dumps(known, indent=1), encoding="utf-8")

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            read = json_text.loads(read_text(self.file, MOST))
        except (OSError, ValueError):
            return {}
        rows = read.items() if isinstance(read, dict) else ()
        return {str(serial): dict(apps) for serial, apps in rows if isinstance(apps, dict)}


@contextlib.asynccontextmanager
async def app_data(
    device: AndroidDevice, package: str, own: OwnApps, *, emulator: bool, keep: bool | None
) -> AsyncIterator[bool]:
    """Yields whether the app's data are kept. `keep` is what the user said; None if nothing.

    Raises AndroidError if the app was on a phone before, and the user has not said what to do with its data."""
    since = await device.installed_since(package)
    if keep is None and since and not emulator and not own.has(device.serial, package, since):
        raise AndroidError(
            f"{package} is on {device.serial} already, and a run clears its data. Give --clear-data if nobody needs them, or "
            "--keep-data to explore with them."
        )
    try:
        yield bool(keep)
    finally:
        if not keep and not emulator:
            with contextlib.suppress(AndroidError):  # the phone is gone
                if since := await device.installed_since(package):
                    own.note(device.serial, package, since)
