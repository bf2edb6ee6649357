"""Runs all targets of a `trustwalk.yml`, one after the other, and writes one page above their reports.

Each target is a run of its own, in a process of its own: whatever happens to one of them, the others go on.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import click
from click.core import ParameterSource
from rich.console import Console
from rich.text import Text

from explorer.cli.full_disk import told_if_full
from explorer.cli.running import folder_for
from explorer.request.credential import OF_TARGETS
from explorer.run.exit_code import INTERRUPTED
from readers.writing import write_own
from reports import render
from reports.portals import Portal, document, lines, portal, told
from reports.web_page import render_portals

LOGIN = "TRUSTWALK_LOGIN"
"""Environment variable of the login. Those of several targets end in a name: TRUSTWALK_LOGIN_SHOP."""
_COMMAND = (sys.executable, "-c", "from explorer.cli import main; main(prog_name='trustwalk')", "run")
_OF_ONE = ("login", "storage_state")
"""Options that would hand one target's secrets to all of them."""


def use_target(ctx: click.Context, given: dict[str, Any], name: str, options: Mapping[str, Any]) -> tuple[str, ...]:
    """Use the options of one of the file's targets where the command line gives none. Returns what to explore."""
    own = dict(options)
    target = tuple(own.pop("target"))
    for key, value in own.items():
        if ctx.get_parameter_source(key) is not ParameterSource.COMMANDLINE:
            given[key] = value
            ctx.set_parameter_source(key, ParameterSource.DEFAULT_MAP)
    kept = _without_other_logins(name, os.environ, only_own=False)
    os.environ.clear()
    os.environ.update(kept)
    return target


def _without_other_logins(name: str, environment: Mapping[str, str], *, only_own: bool) -> dict[str, str]:
    """The environment of a target's run: its own login, and no other target's.

    With `only_own`, a login for no target in particular is taken out, too: it would go to all of them."""
    own = environment.get(f"{OF_TARGETS}{name.upper().replace('-', '_')}")
    kept = {k: v for k, v in environment.items() if not k.startswith(OF_TARGETS) and not (only_own and k == LOGIN)}
    return kept if own is None else {**kept, LOGIN: own}


def explore_all(ctx: click.Context, names: Sequence[str], arguments: Sequence[str], out: str | None) -> int:
    """Explore each target with the arguments of the command line. Returns the exit code of all of them.

    It is 1 if one has failures, 3 if none has but one could not be explored, else 0; 130 after Ctrl-C."""
    if out == "-":
        raise click.BadParameter(
            "«-» prints one report, and these are several targets. Name a folder.", param_hint="--out"
        )
    for option in _OF_ONE:
        if ctx.get_parameter_source(option) is ParameterSource.COMMANDLINE:
            flag = f"--{option.replace('_', '-')}"
            raise click.BadParameter(
                "it would go to all targets. Write it at its target, in the file.", param_hint=flag
            )
    if os.environ.get(LOGIN):
        click.echo(f"{LOGIN} is not used, because it would go to all targets: set {LOGIN}_NAME for each.", err=True)
    folder = folder_for(out, "targets", bare=True)
    found: list[Portal] = []
    with told_if_full(folder):
        for number, name in enumerate(names, 1):
            click.echo(f"Target {number} of {len(names)}: {name}", err=True)
            code = _explored(name, [*_without_out(arguments), "--out", str(folder / name)])
            found.append(_portal(name, folder / name, code))
            if code == INTERRUPTED:
                found += [
                    Portal(left, code, problem="It was not begun: the run was stopped before.")
                    for left in names[number:]
                ]
                break
        write_own(folder / "report.html", render_portals(found))
        write_own(folder / "targets.json", document(found))
    _tell(found, folder)
    return _code([one.code for one in found])


def _code(codes: Sequence[int]) -> int:
    for worst in (INTERRUPTED, 1):
        if worst in codes:
            return worst
    return 3 if any(codes) else 0


def _without_out(arguments: Sequence[str]) -> list[str]:
    """The arguments without `--out`, because each target has a folder of its own."""
    kept: list[str] = []
    skip = False
    for word in arguments:
        if skip or word.startswith("--out="):
            skip = False
        elif word == "--out":
            skip = True
        else:
            kept.append(word)
    return kept


def _explored(name: str, arguments: Sequence[str]) -> int:
    """Run one target. Ctrl-C reaches its process from the terminal; other signals are handed on to it."""
    environment = _without_other_logins(name, os.environ, only_own=True)
    process = subprocess.Popen([*_COMMAND, name, *arguments], env=environment)

    def hand_on(number: int, _: FrameType | None) -> None:
        if number != signal.SIGINT:
            process.send_signal(number)

    former = {number: signal.signal(number, hand_on) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        return process.wait()
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _portal(name: str, folder: Path, code: int) -> Portal:
    one = portal(name, folder, code)
    if one.summary is not None and not (folder / "report.html").exists():
        render(folder, ["html"], folder)  # the page leads to it, whatever formats were asked for
    return one


def _tell(found: Sequence[Portal], folder: Path) -> None:
    console = Console()
    console.print(Text(told(found), style="bold"))
    for line in lines(found):
        console.print(Text(f"  {line}"), soft_wrap=True)
    console.print(f"Report: {(folder / 'report.html').resolve()}", soft_wrap=True, markup=False, highlight=False)
