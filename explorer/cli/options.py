"""Options that several commands share, and the way lists are given: `--persona a b`, `--persona a,b` or both."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from explorer.cli.completing import OPEN_LIST, after_list, words_for
from explorer.run.options import EVIDENCE

_NAME = re.compile(r"^[\w.,=-]+$")
_LISTS = frozenset({"--persona", "--journey", "--device", "--require", "--allow", "--break", "--format", "--evidence"})


class ListCommand(click.Command):
    """Takes several words after a list option (`--persona novice elderly`), as the documentation writes it.

    A word belongs to the list if it looks like a name: no slash, no colon, and not the name of an existing file.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        spread: list[str] = []
        option = ""
        fresh = False
        for arg in args:
            if arg.startswith("-") and arg != "-":
                option = arg if arg in _LISTS else ""
                fresh = True
                spread.append(arg)
                continue
            if option and not fresh:
                if _NAME.match(arg) and not _looks_like_target(arg):
                    spread.append(option)
                else:
                    option = ""
            fresh = False
            spread.append(arg)
        ctx.meta[OPEN_LIST] = option
        return super().parse_args(ctx, spread)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """One more word for the list that stands last, or what click offers."""
        return after_list(ctx, incomplete) or super().shell_complete(ctx, incomplete)


def _looks_like_target(arg: str) -> bool:
    return Path(arg).exists() or arg.lower().endswith((".apk", ".apks", ".xapk", ".apkm")) or "." in arg


def split(values: Sequence[str]) -> tuple[str, ...]:
    """The words of a list option that may also be separated by commas, in order, each once."""
    return tuple(dict.fromkeys(word.strip() for value in values for word in value.split(",") if word.strip()))


def seconds(text: str | None) -> float | None:
    """A time such as `90`, `90s`, `5m` or `1h` in seconds. Raises click.BadParameter."""
    if text is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", text.strip())
    if not match or float(match[1]) <= 0:
        raise click.BadParameter(f"«{text}» is no time. Write 90s, 5m or 1h.", param_hint="--time")
    return float(match[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[match[2]]


def login(text: str | None) -> tuple[str, str] | None:
    """Credentials from `--login USER` with a prompt, `USER:PASSWORD` with a warning, or TRUSTWALK_LOGIN."""
    text = text or os.environ.get("TRUSTWALK_LOGIN")
    if not text:
        return None
    user, colon, password = text.partition(":")
    if not colon:
        password = click.prompt(f"Password for {user}", hide_input=True, err=True)
    return user, password


def command_line_password(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Warn that a password on the command line is seen by everybody on the machine."""
    if value and ":" in value and not ctx.resilient_parsing:
        click.echo(
            "Warning: a password on the command line can be read by others on this machine. "
            "Set TRUSTWALK_LOGIN=USER:PASSWORD instead.",
            err=True,
        )
    return value


def many(*names: str, **kwargs: Any) -> Callable[[Any], Any]:
    """An option that may be given several times, with several words."""
    return click.option(*names, multiple=True, shell_complete=words_for(names[0]), **kwargs)


def evidence(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> frozenset[str]:
    """What to keep beside the journal. Raises click.BadParameter listing the known words."""
    words = split(values) or EVIDENCE[:2]
    unknown = [word for word in words if word not in (*EVIDENCE, "none")]
    if unknown:
        raise click.BadParameter(f"nothing is called «{unknown[0]}». Known: {', '.join(EVIDENCE)}, none.", ctx, param)
    return frozenset(words) - {"none"}


evidence_option = many(
    "--evidence",
    metavar="har,trace,film|none",
    callback=evidence,
    help="What to keep of each session to look closer: a HAR, a trace of those in which something failed, a film of all steps "
    "(default: har trace).",
)
