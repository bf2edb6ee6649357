"""Asks before a public host is explored for the first time, and remembers the answer."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from explorer.request.resolve import RunOptions
from explorer.run.sessions import LIVE_RATE
from flows.journey import Journey

_SENDING = ("say", "submit", "upload")


def confirmed_hosts() -> Path:
    """The path of the file of confirmed hosts. It holds one host per line."""
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "trustwalk" / "confirmed-hosts"


def confirm(options: RunOptions) -> None:
    """Say what a run will do at a public host, and ask. Does nothing with `--yes`, or if the host was confirmed before.

    Raises click.UsageError if nobody can be asked, click.Abort if the answer is no.
    """
    host = options.endpoint[0].lower()
    if not options.public or not host or options.yes or host in _known():
        return
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"{host} is a public host, and there is no terminal on which you could confirm that it may be explored. "
            "Add --yes if its owner knows about it, or --test-system if it is yours to try out."
        )
    click.echo(plan(options), err=True)
    click.confirm(f"Explore {host}?", abort=True, err=True)
    _remember(host)


def confirm_places(target: str, places: Sequence[str], *, yes: bool) -> None:
    """Ask before a login or token may go to hosts or devices that only a configuration file names.

    The question is necessary because a cloned repository may contain such a file. `target` is what the run explores.
    `yes` says that `--yes` was given on the command line; `yes` in the file does not count. Raises click.UsageError if
    nobody can be asked, click.Abort if the answer is no."""
    known = _known()
    new = [place for place in places if f"{target}>{place}" not in known]
    if yes or not new:
        return
    told = f"A configuration file of this folder lets your login or token go to {', '.join(new)}"
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"{told}, and there is no terminal on which you could confirm that. To allow it, add --yes on the command line."
        )
    click.confirm(f"{told}. Is that right?", abort=True, err=True)
    for place in new:
        _remember(f"{target}>{place}")


def plan(options: RunOptions) -> str:
    """What the run is going to do, in a few lines."""
    sent = [] if options.read_only else [j.title for j in options.journeys if _sends(j)]
    allowed = (
        ", ".join(sorted(options.allow)) or "nothing that costs, sends to others, publishes, changes, ends or deletes"
    )
    lines = [
        f"{options.endpoint[0]} is a public host. This run is going to",
        (
            f"- open its pages in {len(options.personas) * len(options.devices)} session(s), "
            f"at most {options.rate or LIVE_RATE} actions a second over all of them;"
        ),
        f"- send once: {', '.join(sent)}; each text says that it is a test;" if sent else "- send nothing;",
        "- log in with the given account;" if options.login else "- not log in;",
        f"- press, besides links and its journeys' own controls: {allowed}.",
    ]
    return "\n".join(lines)


def _sends(journey: Journey) -> bool:
    return any(s.do in _SENDING and s.form != "login" and s.id != journey.stops_before for s in journey.stages)


def _known() -> frozenset[str]:
    try:
        return frozenset(confirmed_hosts().read_text(encoding="utf-8").split())
    except (OSError, UnicodeDecodeError):
        return frozenset()


def _remember(host: str) -> None:
    """Add a host to the file of confirmed hosts. If that fails, the next run asks again."""
    with contextlib.suppress(OSError):
        confirmed_hosts().parent.mkdir(parents=True, exist_ok=True)
        with confirmed_hosts().open("a", encoding="utf-8") as file:
            file.write(f"{host}\n")
