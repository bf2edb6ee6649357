"""`trustwalk run TARGET`: explores a URL or an APK and tells which journeys fail."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from click.core import ParameterSource
from pydantic import ValidationError

from explorer.cli.completing import files
from explorer.cli.confirm import confirm, confirm_places
from explorer.cli.diff import name_of, outcomes_at
from explorer.cli.options import ARGUMENTS, ListCommand, login, request_options
from explorer.cli.package import android_tools, is_package, package
from explorer.cli.portals import explore_all, use_target
from explorer.cli.remote import Reporting, run_there
from explorer.cli.running import explore_and_tell, folder_for
from explorer.devices.devices import ATTACHED, DESKTOP, AndroidRow, DeviceError, SiteDevice, load_devices
from explorer.request.errors import RequestError, as_request_error, unknown
from explorer.request.file import ConfigError, load_file
from explorer.request.request import RunRequest
from explorer.request.resolve import RunOptions, checked_target, journeys_named, resolve
from explorer.run.android import Android, android_run, for_app, own_origins
from explorer.run.private_folder import drop_secrets, private_folder
from explorer.tls.trust import TrustError, TrustStore
from flows.private_address import is_private
from reports import FORMATS

TARGETS = "trustwalk.targets"
"""Key of `click.Context.meta`: the targets of the configuration file, by name."""
DEFAULT_FORMATS = ("html", "json")


def _from_file(ctx: click.Context, param: click.Parameter, value: Path | None) -> None:
    """Use the values in trustwalk.yml as the defaults of all other options."""
    try:
        options = load_file(value)
        ctx.meta[TARGETS] = options.targets
        ctx.default_map = {**options.every, **(ctx.default_map or {})}
    except ConfigError as error:
        if ctx.resilient_parsing:  # this call only completes words; a real run reports the error
            return
        raise click.UsageError(str(error)) from error


@click.command(name="run", cls=ListCommand, short_help="explore a URL or an APK")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    is_eager=True,
    expose_value=False,
    callback=_from_file,
    help="A configuration file to use instead of ./trustwalk.yml.",
)
@click.argument("target", nargs=-1, metavar="TARGET [APP]", shell_complete=files)
@request_options()
@click.pass_context
def command(ctx: click.Context, /, target: tuple[str, ...], **given: Any) -> None:
    """Explore TARGET, an https:// URL or an Android package, and tell which journeys fail because of TLS.

    Give a site and the app of the same service together to get one report about both. If trustwalk.yml has «targets»,
    TARGET may be the name of one of them; without TARGET, all of them are explored.
    """
    several = ctx.meta.get(TARGETS) or {}
    if not target and several:
        ctx.exit(explore_all(ctx, tuple(several), ctx.meta[ARGUMENTS], given["out"]))
    if not target:
        raise click.UsageError("Missing argument 'TARGET [APP]': give an https:// URL or an Android package.")
    if len(target) == 1 and target[0] in several:
        target = use_target(ctx, given, target[0], several[target[0]])
    site, file = sorted_targets(target)
    credentials = given.pop("login")
    with told_by_option():
        request = request_of(given)
        required = request.require if request.server else journey_ids(request.require)
        formats = checked_formats(request.formats)
    held = credentials or os.environ.get("TRUSTWALK_LOGIN") or request.storage_state
    if held or (request.server and os.environ.get("TRUSTWALK_TOKEN")):
        said = ctx.get_parameter_source("yes") is ParameterSource.COMMANDLINE and request.yes
        with told_by_option():
            places = places_from_file(ctx, request, site, file)
        confirm_places(site or file, places, yes=said)
    if request.keep_data is False and ctx.get_parameter_source("keep_data") is ParameterSource.DEFAULT_MAP:
        raise click.BadParameter(
            "«keep_data: false» stands in the configuration file, which may come with a repository of somebody else. "
            "It clears an app's data on a phone: write it on the command line.",
            param_hint="--clear-data",
        )
    to_stdout = request.out == "-"
    if to_stdout and len(formats) != 1:
        raise click.BadParameter("«-» prints one format: name exactly one with --format.", param_hint="--out")
    baseline = (name_of(request.baseline), outcomes_at(request.baseline)) if request.baseline else None
    if request.server:
        if site and file:
            raise click.UsageError(
                "With --server, a run explores one web address or one app: name only one of the two."
            )
        with told_by_option():
            request = request.model_copy(update={"target": checked_target(site) if site else ""})
        judged = Reporting(request.failing, required, formats, to_stdout=to_stdout, baseline=baseline)
        ctx.exit(run_there(request, file, credentials, judged))
    request = request.model_copy(update={"login": login(credentials)})
    drop_secrets()
    ctx.with_resource(private_folder())
    with told_by_option():
        options, android = _asked(ctx, site, file, request)
    if site:
        confirm(options)
    ctx.exit(
        explore_and_tell(
            options,
            folder_for(None if to_stdout else request.out, site or file),
            formats,
            fail_on=request.failing,
            require=required,
            to_stdout=to_stdout,
            baseline=baseline,
            android=android,
        )
    )


@contextmanager
def told_by_option() -> Iterator[None]:
    """Turn a RequestError into a usage error that names the option."""
    try:
        yield
    except RequestError as error:
        raise click.BadParameter(str(error), param_hint=error.flag) from error


def places_from_file(ctx: click.Context, request: RunRequest, site: str, file: str) -> list[str]:
    """The hosts and devices to which a configuration file, and nothing else, lets secrets go.

    These can be the target, the server of --server, origins, the addresses in --resolve, and, for an app, devices that
    are reached over the network. Any of them on this machine or in a private network is left out."""
    server = [request.server.reveal()] if request.server else []
    named = {
        "target": [site] if site else [],
        "server": [urlsplit(text if "://" in text else f"http://{text}").hostname or text for text in server],
        "login_at": list(request.login_at),
        "allow_origins": list(request.allow_origins),
        "resolve": [entry[1] for entry in request.resolve],
    }
    from_file: Iterator[str] = (
        place
        for name, places in named.items()
        if ctx.get_parameter_source(name) is ParameterSource.DEFAULT_MAP
        for place in places
    )
    if file and not request.server and ctx.get_parameter_source("devices_file") is not ParameterSource.COMMANDLINE:
        from_file = chain(
            from_file, (row.elsewhere for row in _devices(request, site, file)[1].values() if row.elsewhere)
        )
    hosts = ((place, urlsplit(place if "://" in place else f"//{place}").hostname or place) for place in from_file)
    return list(dict.fromkeys(place for place, host in hosts if not is_private(host)))


def request_of(given: Mapping[str, Any]) -> RunRequest:
    """The run request from the given options. Raises RequestError."""
    try:
        return RunRequest.model_validate({name: value for name, value in given.items() if value not in (None, ())})
    except ValidationError as error:
        raise as_request_error(error) from error


def sorted_targets(targets: tuple[str, ...]) -> tuple[str, str]:
    """The web address and the package file in the targets; either may be empty. Raises click.UsageError."""
    files = [target for target in targets if is_package(target)]
    sites = [target for target in targets if target not in files]
    for kind, named in (("web addresses", sites), ("apps", files)):
        if len(named) > 1:
            raise click.UsageError(
                f"These are {len(named)} {kind}. A run explores one web address, one app, or one of each: start a run for each."
            )
    return "".join(sites), "".join(files)


def _asked(ctx: click.Context, site: str, file: str, request: RunRequest) -> tuple[RunOptions, Android | None]:
    """The options of a run on this machine, and its Android part or None. The app stays unpacked until the end."""
    sites, apps = _devices(request, site, file)
    _check_roots(request)
    if not file:
        return resolve(request, target=checked_target(site), devices=tuple(sites)), None
    app = ctx.with_resource(package(file))
    if request.storage_state and not site:
        raise RequestError("storage_state", "--storage-state is for web targets; use --login for an app.")
    if site:
        names = (*sites, *apps)
        own = own_origins(app.package)
        origins = (*request.allow_origins, *own)
        options = resolve(request, target=checked_target(site), devices=names, allow_origins=origins, apps=own)
    else:
        options = for_app(resolve(request, target=Path(file).name, devices=tuple(apps)), app.package)
    places = {place: (address, place[1]) for place, address in options.resolve}
    android = android_run(app, apps, android_tools(), proxy=request.proxy, resolve=places, keep_data=request.keep_data)
    return options, replace(android, file=Path(file).name)


def checked_formats(names: tuple[str, ...]) -> tuple[str, ...]:
    """The requested formats, or the default ones. Raises a RequestError with the known formats if one is unknown."""
    for name in names:
        if name not in FORMATS:
            raise RequestError("formats", unknown("format", name, FORMATS))
    return names or DEFAULT_FORMATS


def journey_ids(names: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of the required journeys. Raises a RequestError with the known ones if one is unknown."""
    return tuple(j.id for j in journeys_named(names, "require")) if names else ()


def _devices(request: RunRequest, site: str, file: str) -> tuple[dict[str, SiteDevice], dict[str, AndroidRow]]:
    """The requested rows for the site and for the app. Raises RequestError.

    If both are explored, browsers are for the site and all other rows are for the app. The defaults are the desktop
    browser for a site and the attached device for an app."""
    try:
        devices = load_devices(request.devices_file)
        names = request.devices
        if not file:
            return devices.sites(names or (DESKTOP,)), {}
        browsers = [name for name in names if site and name in devices.all_of(SiteDevice)]
        apps = devices.apps([name for name in names if name not in browsers] or (ATTACHED,))
        return devices.sites(browsers or (DESKTOP,)) if site else {}, apps
    except DeviceError as error:
        raise RequestError("devices", str(error)) from error


def _check_roots(request: RunRequest) -> None:
    try:
        TrustStore.load(request.ca)
    except TrustError as error:
        raise RequestError("ca", str(error)) from error
