"""Reads devices.yml, the list of devices to explore on. Each row is a browser profile or an Android device.

The class of a row holds everything that is specific to its kind of device."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.json_schema import SkipJsonSchema

from readers import yaml_text
from readers.regular import Unreadable, read_text

NAME = "devices.yml"


class DeviceError(Exception):
    """devices.yml is invalid, or a device is not in it.

    The message tells the user the file and, for an invalid value, its line and key."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    noun: ClassVar[str]
    """The kind of device in words, for messages: «a browser» or «an Android device»."""
    explores: ClassVar[str]
    """What is explored on a device of this kind, in words for messages."""

    note: str = ""
    """A note for people. It has no effect."""


class SiteDevice(_Row):
    """A browser profile for exploring web addresses, driven by Playwright. The base class of every kind of browser."""

    noun: ClassVar[str] = "a browser"
    explores: ClassVar[str] = "web addresses"

    viewport: tuple[Annotated[int, Field(ge=200, le=8000)], Annotated[int, Field(ge=200, le=8000)]] | None = None
    """Width and height in CSS pixels."""
    emulate: str | None = None
    """One of Playwright's device names, such as Pixel 7 or iPhone 15."""
    locale: str | None = Field(default=None, pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*$")
    """The browser's language, such as de-DE."""

    @property
    def about(self) -> str:
        """A short description of the profile for lists of devices."""
        size = "×".join(map(str, self.viewport)) if self.viewport else ""
        return ", ".join(filter(None, (self.emulate, size, self.locale)))


class BrowserDevice(SiteDevice):
    """A browser on this machine."""

    kind: Literal["browser"]
    """A browser on this machine."""
    engine: Literal["chromium"] = "chromium"
    """Chrome, Chromium or Edge, whichever is installed."""


class AndroidRow(_Row):
    """An emulator by `avd`, or an attached device by `serial`, which another Appium server may drive."""

    noun: ClassVar[str] = "an Android device"
    explores: ClassVar[str] = "apps"

    kind: Literal["android"]
    """An Android device or emulator that adb on this machine reaches."""
    avd: str | None = None
    """The emulator to boot, by the name of its virtual device."""
    headless: bool = True
    """Boot the emulator without a window."""
    serial: str | None = None
    """An attached device by its serial number; `any` is the only attached one."""
    appium: str | None = Field(default=None, pattern=r"^https?://")
    """The address of the Appium server that drives the device; without it, one is started."""
    capabilities: Mapping[str, Any] = Field(default_factory=dict)
    """Capabilities for the session on the Appium server (W3C WebDriver)."""

    @property
    def elsewhere(self) -> str:
        """The address over which the device is reached; empty for a device of this machine."""
        over_network = re.fullmatch(r"\S+:\d+", self.serial or "")  # adb connect HOST:PORT
        return self.appium or (over_network.group() if over_network else "")

    @property
    def about(self) -> str:
        """A short description of where the device is, for lists of devices."""
        if self == ATTACHED_ROW:
            return "the attached device"
        if self.appium:
            return f"serial {self.named}, over an Appium server that is contacted when the run starts"
        return f"emulator {self.avd}" if self.avd else f"serial {self.named or 'any'}"

    @property
    def named(self) -> str:
        """The serial of the device that the row names; empty if it names none."""
        return self.serial or str(self.capabilities.get("appium:udid", ""))

    @property
    def lack(self) -> str:
        """Why the row can never be used, in a sentence; empty if it can. Asks nobody."""
        if self.appium and not self.avd and not self.named:
            return (
                f"The row names the Appium server {self.appium} and no device. The app is installed, its data is cleared and its "
                "log is read over adb of this machine: name the device by its serial. A device farm that adb does not reach "
                "cannot be used."
            )
        return ""


ATTACHED = "android"
"""The name of the device on which an app is explored by default: the only attached Android device."""
ATTACHED_ROW = AndroidRow(kind="android", serial="any")
DESKTOP = "desktop"
"""The name of the row with which a web address is explored by default."""

Device = BrowserDevice | AndroidRow
Row = TypeVar("Row", SiteDevice, AndroidRow)
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
"""The name of a device. Its characters are restricted because it becomes part of file names."""


class Devices(BaseModel):
    """All rows of one file. `source` names the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    devices: Mapping[Name, Annotated[Device, Field(discriminator="kind")]]
    """Name for `--device` → row. A name has at most 60 characters: ASCII letters, digits, «.», «_» and «-»."""
    source: SkipJsonSchema[str] = ""

    def named(self, name: str) -> Device:
        """The row with this name. Raises DeviceError that lists the known names.

        «android» means the only attached device, unless a row of the file has that name."""
        if name in self.devices:
            return self.devices[name]
        if name == ATTACHED:
            return ATTACHED_ROW
        known = ", ".join(self.devices) or "none"
        raise DeviceError(f"There is no device «{name}» in {self.source}. Known: {known}.")

    def sites(self, names: Iterable[str] = (DESKTOP,)) -> dict[str, SiteDevice]:
        """The named rows for exploring web addresses. Raises DeviceError if a name is unknown or belongs to an
        Android device."""
        return self._fit(names, SiteDevice)

    def apps(self, names: Iterable[str] = (ATTACHED,)) -> dict[str, AndroidRow]:
        """The named rows for exploring apps. Raises DeviceError if a name is unknown or belongs to a browser.

        If a browser's row is called «android», that name still means the attached device here."""
        attached = isinstance(self.named(ATTACHED), AndroidRow)
        builtin = {} if attached else {ATTACHED: ATTACHED_ROW}
        wanted = tuple(names)
        return {
            **self._fit([n for n in wanted if n not in builtin], AndroidRow),
            **{n: builtin[n] for n in wanted if n in builtin},
        }

    def all_of(self, kind: type[Row]) -> dict[str, Row]:
        """All rows of a kind. The attached device comes before the rows of the file."""
        rows = ((name, self.named(name)) for name in dict.fromkeys((ATTACHED, *self.devices)))
        return {name: row for name, row in rows if isinstance(row, kind)}

    def _fit(self, names: Iterable[str], kind: type[Row]) -> dict[str, Row]:
        rows: dict[str, Row] = {}
        for name in names:
            row = self.named(name)
            if not isinstance(row, kind):
                fit = ", ".join(self.all_of(kind)) or "none"
                raise DeviceError(
                    f"«{name}» is {row.noun}, which explores {row.explores}. For {kind.explores}, choose one of: {fit}."
                )
            rows[name] = row
        return rows


def load_devices(path: Path | None = None) -> Devices:
    """The rows of `path`, else ./devices.yml, else the devices.yml in the package, else the one in the Git checkout.

    Raises DeviceError if the file is missing or invalid.
    """
    source, text = _found(path)
    try:
        raw = yaml_text.load(text)
    except Unreadable as error:
        raise DeviceError(f"{source} {error}.") from error
    if not isinstance(raw, dict):
        raise DeviceError(f"{source} must hold the key «devices:» with one row for each device.")
    if "source" in raw:
        raise DeviceError(f"{source}, line {_line(text, ('source',))}, «source»: there is no such key; remove it.")
    try:
        return Devices.model_validate({**raw, "source": source})
    except ValidationError as error:
        raise DeviceError(_sentence(source, text, error)) from error


def _found(path: Path | None) -> tuple[str, str]:
    here = path or Path(NAME)
    if path is not None or here.is_file():
        try:
            return str(here), read_text(here, yaml_text.MAX_BYTES)
        except Unreadable as error:
            raise DeviceError(f"{here} {error}.") from error
    packaged = resources.files("explorer.devices").joinpath("default.yml")
    if packaged.is_file():
        return "devices.yml of the package", packaged.read_text(encoding="utf-8")
    root = Path(__file__).resolve().parents[2] / NAME
    if root.is_file():
        return "devices.yml of the checkout", root.read_text(encoding="utf-8")
    raise DeviceError("There is no devices.yml: write one, or name one with --devices.")


def _sentence(source: str, text: str, error: ValidationError) -> str:
    first = error.errors()[0]
    kinds = [get_args(row.model_fields["kind"].annotation)[0] for row in get_args(Device)]
    keys = tuple(str(k) for k in first["loc"] if k not in kinds)
    named = [k for k in keys if not k.isdigit()]
    what = first["msg"]
    if first["type"] == "extra_forbidden":
        what = "there is no such key"
    elif first["type"] in ("union_tag_invalid", "union_tag_not_found"):
        what, named = f"must be {' or '.join(f'«{kind}»' for kind in kinds)}", [*named, "kind"]
    return f"{source}, line {_line(text, tuple(named))}, «{'.'.join(named)}»: {what}."


def _line(text: str, keys: tuple[str, ...]) -> int:
    """The line number of a key in a YAML text.

    `keys` is the path to the key. If the path does not exist, the deepest key in it that exists counts."""
    try:
        node = yaml.compose(text, Loader=yaml_text.LOADER)
    except yaml.YAMLError:
        return 1
    line = 1
    for key in keys:
        if not isinstance(node, yaml.MappingNode):
            break
        pair = next((p for p in node.value if p[0].value == key), None)
        if pair is None:
            break
        line, node = pair[0].start_mark.line + 1, pair[1]
    return line
