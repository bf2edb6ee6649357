"""`trustwalk run TARGET`: explore a URL or an APK and tell which journeys fail."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from explorer.cli.completing import files, words_for
from explorer.cli.diff import name_of, outcomes_at
from explorer.cli.options import ListCommand, command_line_password, evidence_option, login, many, seconds, split
from explorer.cli.package import android_rows, android_tools, is_package, package
from explorer.cli.remote import Judged, run_there
from explorer.cli.running import explore_and_tell, folder_for
from explorer.devices.devices import AndroidRow, DeviceError, Devices, load_devices
from explorer.run.android import Android, android_run, for_app, own_origins
from explorer.run.config import ConfigError, load_config
from explorer.run.exit_code import parse_fail_on
from explorer.run.options import ALLOW, RunOptions
from explorer.targets.resolve import parse_resolve
from explorer.tls.trust import TrustError, TrustStore
from flows.journey import Journey, JourneyError, load_catalogue
from personas.persona import Persona, PersonaError, by_name
from reports import FORMATS

DEFAULT_FORMATS = ("html", "json")


def _from_file(ctx: click.Context, param: click.Parameter, value: Path | None) -> None:
    """Take what trustwalk.yml says as the defaults of all other options."""
    try:
        ctx.default_map = {**load_config(value).given(), **(ctx.default_map or {})}
    except ConfigError as error:
        if ctx.resilient_parsing:  # the shell asks for completions; who runs it is told
            return
        raise click.UsageError(str(error)) from error


@click.command(name="run", cls=ListCommand, short_help="explore a URL or an APK")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    is_eager=True,
    expose_value=False,
    callback=_from_file,
    help="Another trustwalk.yml than the one in this folder.",
)
@click.argument("targets", nargs=-1, required=True, metavar="TARGET [APP]", shell_complete=files)
@many("--persona", metavar="NAME…|all", help="Who explores (default: curious).")
@many("--journey", metavar="ID…", help="Journeys to look for (default: all).")
@many(
    "--device",
    metavar="NAME…",
    help="Rows of devices.yml (default: desktop; for an APK the only Android device attached).",
)
@click.option("--devices", "devices_file", type=click.Path(path_type=Path, dir_okay=False), help="Another devices.yml.")
@click.option(
    "--login",
    "login_text",
    metavar="USER",
    callback=command_line_password,
    help="Credentials for the target; the password comes from a prompt, or all from TRUSTWALK_LOGIN.",
)
@click.option(
    "--storage-state",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Cookies and storage as Playwright saves them.",
)
@click.option("--steps", type=click.IntRange(1, 10_000), default=200, show_default=True, help="Budget of each session.")
@click.option("--time", "time_text", metavar="5m", help="Cap on each session's time.")
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same app: same actions.")
@click.option("--out", metavar="DIR|-", help="Where the run goes (default: trustwalk-runs/<time>-<target>).")
@many("--format", "formats", metavar="NAME…", help=f"Reports to write: {', '.join(FORMATS)}.")
@click.option(
    "--ca",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A private root to trust in this run only.",
)
@click.option("--resolve", multiple=True, metavar="HOST:PORT:ADDRESS", help="As curl's.")
@click.option("--allow-origin", multiple=True, metavar="ORIGIN", help="A further origin that belongs to the app.")
@many("--allow", metavar="payment,delete,hostile…", help="What may be done for real.")
@click.option(
    "--fail-on",
    shell_complete=words_for("--fail-on"),
    default="failed,blocked",
    show_default=True,
    metavar="WORDS",
    help="What fails the build: failed, blocked, degraded, other, expiring[=DAYS].",
)
@many("--require", metavar="ID…", help="Journeys that must be found and tried.")
@click.option(
    "--baseline", type=click.Path(path_type=Path, exists=True), help="Only what is new against this run fails."
)
@evidence_option
@click.option(
    "--server",
    metavar="URL",
    help="Explore there and not here: the address of a «trustwalk serve», its token in it or in TRUSTWALK_TOKEN.",
)
@click.option(
    "--private", is_flag=True, help="With --server: TARGET is on the server's own machine or network, and meant."
)
@click.option(
    "--audit/--no-audit",
    default=True,
    help="Look at each new screen for what else is amiss: accessibility, cookies, forms.  [default: audit]",
)
@click.option("--headed", is_flag=True, help="Show the browser.")
@click.option(
    "--proxy/--no-proxy",
    default=None,
    help="Let the app's or browser's connections pass through an observing proxy.  [default: on emulators only]",
)
@click.pass_context
def command(ctx: click.Context, /, targets: tuple[str, ...], **given: Any) -> None:
    """Explore TARGET, an https:// URL or an Android package, and tell which journeys fail because of TLS.

    A site and the app of the same service can be given together, and are told in one report.
    """
    site, file = sorted_targets(targets)
    try:
        fail_on = parse_fail_on(given["fail_on"])
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--fail-on") from error
    required = _journey_ids(given["require"]) if not given["server"] else split(given["require"])
    formats = checked_formats(given["formats"])
    to_stdout = given["out"] == "-"
    if to_stdout and len(formats) != 1:
        raise click.BadParameter("«-» prints one format: name exactly one with --format.", param_hint="--out")
    baseline = (name_of(given["baseline"]), outcomes_at(given["baseline"])) if given["baseline"] else None
    if given["server"]:
        if site and file:
            raise click.UsageError("A run with --server explores one web address or one app.")
        judged = Judged(fail_on, required, formats, to_stdout=to_stdout, baseline=baseline)
        ctx.exit(run_there(checked_url(site) if site else file, given, judged))
    options, android = _asked(ctx, site, file, given)
    target = site or file
    out = folder_for(None if to_stdout else given["out"], target)
    ctx.exit(
        explore_and_tell(
            replace(options, expiring_days=fail_on.days),
            out,
            formats,
            fail_on=fail_on,
            require=required,
            to_stdout=to_stdout,
            baseline=baseline,
            android=android,
        )
    )


def sorted_targets(targets: tuple[str, ...]) -> tuple[str, str]:
    """The web address and the package file among the targets; either may be empty. Raises click.UsageError."""
    files = [target for target in targets if is_package(target)]
    sites = [target for target in targets if target not in files]
    if len(files) > 1 or len(sites) > 1:
        raise click.UsageError("One run explores one web address, one app, or one of each.")
    return "".join(sites), "".join(files)


def _asked(ctx: click.Context, site: str, file: str, given: dict[str, Any]) -> tuple[RunOptions, Android | None]:
    """What a run on this machine is to do; an app is unpacked for as long as the command lives."""
    devices, names = _devices(given)
    if not file:
        options = _options(checked_url(site), names or ("desktop",), given)
        web_only(devices, options.devices)
        return options, None
    app = ctx.with_resource(package(file))
    browsers = tuple(n for n in names if not isinstance(devices.named(n), AndroidRow)) if site else ()
    rows = android_rows(devices, tuple(n for n in names if n not in browsers))
    if given["storage_state"] and not site:
        raise click.BadParameter("cookies are for web targets; an app takes --login.", param_hint="--storage-state")
    if site:
        options = _options(checked_url(site), (*(browsers or ("desktop",)), *rows), given)
        options = replace(options, allow_origins=(*options.allow_origins, *own_origins(app.package)))
    else:
        options = for_app(_options(Path(file).name, tuple(rows), given), app.package)
    resolve = {place: (address, place[1]) for place, address in options.resolve}
    android = android_run(app, rows, android_tools(), proxy=given["proxy"], resolve=resolve)
    return options, replace(android, file=Path(file).name)


def checked_formats(names: tuple[str, ...]) -> tuple[str, ...]:
    """The formats asked for, or the default ones. Raises click.BadParameter listing the known ones."""
    formats = split(names) or DEFAULT_FORMATS
    for name in formats:
        if name not in FORMATS:
            raise click.BadParameter(
                f"no format is called «{name}». Known: {', '.join(FORMATS)}.", param_hint="--format"
            )
    return formats


def checked_url(target: str) -> str:
    """TARGET as a URL; `https://` is added to a bare host name. Raises click.BadParameter for what is none."""
    if "://" not in target and re.fullmatch(r"[\w.-]+\.[\w-]+(:\d+)?(/.*)?", target):
        target = f"https://{target}"
    try:
        parts = urlsplit(target)
        usable = parts.scheme in ("https", "http") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or re.search(r"\s", target):
        raise click.BadParameter(
            f"«{target}» is no web address. Write it like https://support.example/.", param_hint="TARGET"
        )
    if parts.username or parts.password:
        raise click.BadParameter(
            "give credentials with --login or TRUSTWALK_LOGIN, not in the URL.", param_hint="TARGET"
        )
    return target


def _journey_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(j.id for j in journeys_named(values)) if values else ()


def journeys_named(values: tuple[str, ...]) -> tuple[Journey, ...]:
    try:
        known = {j.id: j for j in load_catalogue((Path("journeys"),) if Path("journeys").is_dir() else ())}
    except JourneyError as error:
        raise click.UsageError(str(error)) from error
    wanted = split(values) or tuple(known)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise click.BadParameter(
            f"no journey is called «{unknown[0]}». Known: {', '.join(known)}.", param_hint="--journey"
        )
    return tuple(known[name] for name in wanted)


def personas_named(values: tuple[str, ...], default: tuple[str, ...] = ("curious",)) -> tuple[Persona, ...]:
    """The personas asked for. Raises click.BadParameter listing the known ones."""
    try:
        return tuple(by_name(split(values) or default, (Path("personas"),) if Path("personas").is_dir() else ()))
    except PersonaError as error:
        raise click.BadParameter(str(error), param_hint="--persona") from error


def allowed(values: tuple[str, ...]) -> frozenset[str]:
    """What may be done for real. Raises click.BadParameter for a word that means nothing: it would allow nothing."""
    for word in split(values):
        if word not in ALLOW:
            raise click.BadParameter(f"nothing is called «{word}». Known: {', '.join(ALLOW)}.", param_hint="--allow")
    return frozenset(split(values))


def web_only(devices: Devices, names: tuple[str, ...]) -> None:
    """Raises click.BadParameter if one of the rows is an Android device."""
    for name in names:
        if isinstance(devices.named(name), AndroidRow):
            raise click.BadParameter(
                f"«{name}» is an Android device: it explores an app; give an APK.", param_hint="--device"
            )


def _devices(given: dict[str, Any]) -> tuple[Devices, tuple[str, ...]]:
    """All rows, and the names that were asked for. Raises click.UsageError."""
    try:
        devices = load_devices(given["devices_file"])
        names = split(given["device"])
        for name in names:
            devices.named(name)
    except DeviceError as error:
        raise click.UsageError(str(error)) from error
    return devices, names


def _options(target: str, devices: tuple[str, ...], given: dict[str, Any]) -> RunOptions:
    try:
        resolve = tuple(parse_resolve(text) for text in given["resolve"])
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--resolve") from error
    try:
        TrustStore.load(given["ca"])
    except TrustError as error:
        raise click.BadParameter(str(error), param_hint="--ca") from error
    return RunOptions(
        target=target,
        personas=personas_named(given["persona"]),
        journeys=journeys_named(given["journey"]),
        devices=devices,
        devices_file=given["devices_file"],
        login=login(given["login_text"]),
        storage_state=given["storage_state"],
        steps=given["steps"],
        time_cap=seconds(given["time_text"]),
        seed=given["seed"],
        ca=given["ca"],
        resolve=resolve,
        allow_origins=given["allow_origin"],
        allow=allowed(given["allow"]),
        headed=given["headed"],
        proxy=bool(given["proxy"]),
        audit=given["audit"],
        evidence=given["evidence"],
    )
