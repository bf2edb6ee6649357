"""Checks a run request from the page or the API before the run enters the queue."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping

from explorer.devices.devices import ATTACHED, DESKTOP, AndroidRow, DeviceError, load_devices
from explorer.request.addresses import endpoint_of
from explorer.request.errors import RequestError
from explorer.request.request import RunRequest
from explorer.request.resolve import DEFAULT_PERSONAS, RunOptions, checked_target, resolve
from explorer.server.settings import Settings
from explorer.server.uploads import known_app
from flows.private_address import is_private
from flows.session import Endpoint

LOOKUP = 3.0
"""Timeout for resolving a name, in seconds. After that, the name counts as unknown."""


async def checked(request: RunRequest, settings: Settings) -> RunRequest:
    """The request with its defaults filled in, after all checks.

    Raises RequestError, which names the field and says what to do."""
    if request.app and request.target:
        raise RequestError("target", "Name a web address or a package, not both.")
    if request.app:
        app = known_app(settings.uploads, request.app)
        if app is None:
            raise RequestError("app", "This package does not exist any more. Upload it again.")
        target, devices = app.package, request.devices or (ATTACHED,)
    else:
        target, devices = checked_target(request.target), request.devices or (DESKTOP,)
    filled = {"target": target, "devices": devices, "personas": request.personas or DEFAULT_PERSONAS}
    request = request.model_copy(update=filled)
    await check_reach(request, settings)
    check_consent(request, options_of(request, settings))
    return request


async def addresses(endpoint: Endpoint, resolve: Mapping[Endpoint, str]) -> tuple[str, ...]:
    """The IP addresses of a target; none if its name cannot be resolved.

    In `resolve`, the host `*` stands for any host at that port."""
    placed = resolve.get(endpoint) or resolve.get(("*", endpoint[1]))
    if placed is not None:
        return (placed,)
    try:
        async with asyncio.timeout(LOOKUP):
            found = await asyncio.get_running_loop().getaddrinfo(*endpoint, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


async def check_reach(request: RunRequest, settings: Settings) -> None:
    """Raises RequestError if the target is, or may be, on this machine or a private network, unless the person has
    confirmed that.

    A name that does not resolve needs the confirmation, too, because it may resolve to anything later."""
    if request.private or request.app:
        return
    host = endpoint_of(request.target)[0]
    found = await addresses(endpoint_of(request.target), dict(settings.resolve))
    if not found and not is_private(host):
        raise RequestError(
            "private",
            f"{host} does not resolve to an address, so nobody can tell whether it is on a private network. Check the name, "
            "or tick «on my own machine or network» to explore it anyway.",
        )
    if is_private(host) or any(is_private(address) for address in found):
        raise RequestError(
            "private",
            f"{host} is on this machine or on a private network ({', '.join(found[:1]) or 'by its name'}). "
            "Tick «on my own machine or network» to explore it anyway.",
        )


def check_consent(request: RunRequest, options: RunOptions) -> None:
    """Raises RequestError if the target is a public site and the person did not confirm that it may be explored."""
    if request.app or request.yes or request.private or not options.public:
        return
    raise RequestError(
        "yes",
        f"{options.endpoint[0]} is a public site. Tick «I may explore this site» if its owner knows about it, or «a test "
        "system of mine».",
    )


def options_of(request: RunRequest, settings: Settings) -> RunOptions:
    """The options of the requested run, with those that the server's owner sets. Raises RequestError."""
    _check_devices(request, settings)
    return resolve(
        request,
        devices=tuple(dict.fromkeys(request.devices)),
        devices_file=settings.devices_file,
        ca=settings.ca,
        resolve=settings.resolve,
        only_resolved=settings.only_resolved,
        test_system=request.test_system or settings.only_resolved,
    )


def _check_devices(request: RunRequest, settings: Settings) -> None:
    if request.app:
        android_rows(request, settings)
        return
    try:
        load_devices(settings.devices_file).sites(request.devices)
    except DeviceError as error:
        raise RequestError("devices", str(error)) from error


def android_rows(request: RunRequest, settings: Settings) -> dict[str, AndroidRow]:
    """The requested Android devices. Raises RequestError."""
    try:
        return load_devices(settings.devices_file).apps(request.devices)
    except DeviceError as error:
        raise RequestError("devices", str(error)) from error
