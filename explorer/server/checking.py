"""Whether what a person asks for on the page or through the API can be done here, before anything is done with it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping

from explorer.devices.devices import AndroidRow, DeviceError, Devices, load_devices
from explorer.request.addresses import endpoint_of, is_private
from explorer.request.errors import RequestError
from explorer.request.request import RunRequest
from explorer.request.resolve import DEFAULT_PERSONAS, RunOptions, checked_target, resolve
from explorer.run.android import ATTACHED, ATTACHED_ROW
from explorer.server.settings import Settings
from explorer.server.uploads import known_app
from flows.session import Endpoint

LOOKUP = 3.0
"""Seconds that a name gets to be resolved before it is taken for one that leads nowhere."""


async def checked(request: RunRequest, settings: Settings) -> RunRequest:
    """The request as it can be met. Raises RequestError that names the field and says what to do."""
    if request.app and request.target:
        raise RequestError("target", "Ask for a web address or for a package, not for both.")
    if request.app:
        app = known_app(settings.uploads, request.app)
        if app is None:
            raise RequestError("app", "There is no such package here. Upload it again.")
        target, devices = app.package, request.devices or (ATTACHED,)
    else:
        target, devices = checked_target(request.target), request.devices or ("desktop",)
    filled = {"target": target, "devices": devices, "personas": request.personas or DEFAULT_PERSONAS}
    request = request.model_copy(update=filled)
    await check_reach(request, settings)
    options_of(request, settings)
    return request


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


async def check_reach(request: RunRequest, settings: Settings) -> None:
    """Raises RequestError if the target is on this machine or a private network and the person did not say so."""
    if request.private or request.app:
        return
    found = await addresses(endpoint_of(request.target), dict(settings.resolve))
    if any(is_private(address) for address in found):
        raise RequestError(
            "private",
            f"{endpoint_of(request.target)[0]} is on this machine or on a private network ({found[0]}). "
            "Tick «on my own machine or network» if that is what you mean.",
        )


def options_of(request: RunRequest, settings: Settings) -> RunOptions:
    """The options of the run that was asked for, with what the server's owner decides. Raises RequestError."""
    _check_devices(request, settings)
    return resolve(
        request,
        devices=tuple(dict.fromkeys(request.devices)),
        devices_file=settings.devices_file,
        ca=settings.ca,
        resolve=settings.resolve,
        only_resolved=settings.only_resolved,
    )


def _check_devices(request: RunRequest, settings: Settings) -> None:
    rows = _rows(settings)
    for name in request.devices:
        try:
            row = ATTACHED_ROW if name == ATTACHED and name not in rows.devices else rows.named(name)
        except DeviceError as error:
            raise RequestError("devices", str(error)) from error
        android = isinstance(row, AndroidRow)
        if android and not request.app:
            raise RequestError("devices", f"{name} is an Android device; a web address is explored in a browser.")
        if request.app and not android:
            raise RequestError("devices", f"{name} is a browser; an app is explored on an Android device.")


def android_rows(request: RunRequest, settings: Settings) -> dict[str, AndroidRow]:
    """The Android devices that were asked for; a row of that name wins over «the only one attached». Raises RequestError."""
    rows = _rows(settings).devices
    found = {name: rows.get(name, ATTACHED_ROW) for name in request.devices}
    return {name: row for name, row in found.items() if isinstance(row, AndroidRow)}


def _rows(settings: Settings) -> Devices:
    try:
        return load_devices(settings.devices_file)
    except DeviceError as error:
        raise RequestError("devices", str(error)) from error
