"""What a person asks for on the page or through the API, checked before anything is done with it."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from explorer.devices.devices import AndroidRow, DeviceError, Devices, load_devices
from explorer.run.android import ATTACHED, ATTACHED_ROW
from explorer.run.options import RunOptions, endpoint_of
from explorer.server.settings import Settings
from explorer.server.uploads import known_app
from flows.journey import Journey, JourneyError, load_catalogue
from flows.session import Endpoint
from personas.persona import Persona, PersonaError, by_name

LOOKUP = 3.0
"""Seconds that a name gets to be resolved before it is taken for one that leads nowhere."""


class WishError(Exception):
    """A wish that cannot be granted, in a sentence; `field` is the part of the form that it belongs to."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class Login(BaseModel):
    """Credentials for the target: held in memory, handed to the run through a pipe, never written down."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    user: str = Field(min_length=1, max_length=200)
    password: SecretStr = Field(max_length=500)


Word = Annotated[str, Field(max_length=80)]


class Wish(BaseModel):
    """A run that is asked for: of the web app at `target`, or of the uploaded package whose SHA-256 is `app`.

    `private` is the person's own leave to explore this machine or network; `time` caps each session, in seconds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    target: str = Field(default="", max_length=2_000)
    app: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    personas: tuple[Word, ...] = Field(default=("curious",), min_length=1, max_length=50)
    journeys: tuple[Word, ...] = Field(default=(), max_length=100)
    devices: tuple[Word, ...] = Field(default=(), max_length=20)
    steps: int = Field(default=200, ge=1, le=10_000)
    time: float | None = Field(default=None, gt=0, le=86_400)
    seed: int = Field(default=1, ge=0, le=2**31)
    private: bool = False
    allow: tuple[Literal["payment", "delete", "hostile", "call", "mail"], ...] = ()
    allow_origins: tuple[Annotated[str, Field(max_length=300)], ...] = Field(default=(), max_length=50)
    expiring_days: int | None = Field(default=None, ge=0, le=3_650)
    login: Login | None = Field(default=None, exclude=True)
    with_login: bool = False
    """What is written down of a login: that there was one."""

    @field_validator("target")
    @classmethod
    def _strip(cls, value: str) -> str:
        return value.strip()


def checked_url(text: str) -> str:
    """The target as a URL; `https://` is added to a bare host name. Raises WishError for what is none."""
    if "://" not in text and re.fullmatch(r"[\w.-]+\.[\w-]+(:\d+)?([/?#].*)?", text):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("https", "http") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\x00-\x1f]", text):
        raise WishError("target", f"«{text[:120]}» is no web address. Write it like https://support.example/.")
    if parts.username or parts.password:
        raise WishError(
            "target", "Give credentials in the login fields, not in the address: the address is written down."
        )
    return text


async def addresses(endpoint: Endpoint, resolve: Mapping[Endpoint, str]) -> tuple[str, ...]:
    """The addresses that a target leads to; none if its name leads nowhere (the run will say so)."""
    if endpoint in resolve:
        return (resolve[endpoint],)
    try:
        async with asyncio.timeout(LOOKUP):
            found = await asyncio.get_running_loop().getaddrinfo(*endpoint, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_private(address: str) -> bool:
    """Whether an address is anything but a public one: loopback, private, link-local (cloud metadata), reserved."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return True
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return not ip.is_global or ip.is_multicast


async def check_reach(wish: Wish, settings: Settings) -> None:
    """Raises WishError if the target is on this machine or a private network and the person did not say so."""
    if wish.private or wish.app:
        return
    found = await addresses(endpoint_of(wish.target), dict(settings.resolve))
    if any(is_private(address) for address in found):
        raise WishError(
            "private",
            f"{endpoint_of(wish.target)[0]} is on this machine or on a private network ({found[0]}). "
            "Tick «on my own machine or network» if that is what you mean.",
        )


def _here(name: str) -> tuple[Path, ...]:
    """The project's own catalogue, if there is one where the server was started."""
    return (Path(name),) if Path(name).is_dir() else ()


def known_journeys() -> tuple[Journey, ...]:
    """Raises WishError if a file of the project's own catalogue is broken."""
    try:
        return tuple(load_catalogue(_here("journeys")))
    except JourneyError as error:
        raise WishError("journeys", str(error)) from error


def known_personas() -> tuple[Persona, ...]:
    """Raises WishError if a file of the project's own catalogue is broken."""
    try:
        return tuple(by_name(("all",), _here("personas")))
    except PersonaError as error:
        raise WishError("personas", str(error)) from error


async def checked(wish: Wish, settings: Settings) -> Wish:
    """The wish as it can be granted. Raises WishError that names the field and says what to do."""
    if wish.app and wish.target:
        raise WishError("target", "Ask for a web address or for a package, not for both.")
    if wish.app:
        app = known_app(settings.uploads, wish.app)
        if app is None:
            raise WishError("app", "There is no such package here. Upload it again.")
        wish = wish.model_copy(update={"target": app.package, "devices": wish.devices or (ATTACHED,)})
    else:
        target = checked_url(wish.target)
        wish = wish.model_copy(update={"target": target, "devices": wish.devices or ("desktop",)})
        await check_reach(wish, settings)
    options_of(wish, settings)
    return wish.model_copy(update={"with_login": wish.login is not None})


def options_of(wish: Wish, settings: Settings) -> RunOptions:
    """The options of the run that was wished for. Raises WishError."""
    journeys = {j.id: j for j in known_journeys()}
    personas = {p.name: p for p in known_personas()}
    for field, names, known in (("journeys", wish.journeys, journeys), ("personas", wish.personas, personas)):
        for name in names:
            if name not in known:
                raise WishError(field, f"There is no «{name}» among the {field}. Known: {', '.join(known)}.")
    _check_devices(wish, settings)
    login = (wish.login.user, wish.login.password.get_secret_value()) if wish.login else None
    return RunOptions(
        target=wish.target, personas=tuple(personas[n] for n in dict.fromkeys(wish.personas)), login=login,
        journeys=tuple(journeys[n] for n in dict.fromkeys(wish.journeys)) or tuple(journeys.values()),
        devices=tuple(dict.fromkeys(wish.devices)), devices_file=settings.devices_file, steps=wish.steps, seed=wish.seed,
        time_cap=wish.time, allow=frozenset(wish.allow), allow_origins=wish.allow_origins, expiring_days=wish.expiring_days,
        ca=settings.ca, resolve=settings.resolve, only_resolved=settings.only_resolved,
    )  # fmt: skip


def _check_devices(wish: Wish, settings: Settings) -> None:
    rows = _rows(settings)
    for name in wish.devices:
        try:
            row = ATTACHED_ROW if name == ATTACHED and name not in rows.devices else rows.named(name)
        except DeviceError as error:
            raise WishError("devices", str(error)) from error
        android = isinstance(row, AndroidRow)
        if android and not wish.app:
            raise WishError("devices", f"{name} is an Android device; a web address is explored in a browser.")
        if wish.app and not android:
            raise WishError("devices", f"{name} is a browser; an app is explored on an Android device.")


def android_rows(wish: Wish, settings: Settings) -> dict[str, AndroidRow]:
    """The Android devices that were wished for; a row of that name wins over «the only one attached». Raises WishError."""
    rows = _rows(settings).devices
    found = {name: rows.get(name, ATTACHED_ROW) for name in wish.devices}
    return {name: row for name, row in found.items() if isinstance(row, AndroidRow)}


def _rows(settings: Settings) -> Devices:
    try:
        return load_devices(settings.devices_file)
    except DeviceError as error:
        raise WishError("devices", str(error)) from error
