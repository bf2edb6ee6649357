"""Makes click options from the fields of RunRequest, and parses lists: `--persona a b`, `--persona a,b` or both."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem
from pydantic import ValidationError

from explorer.cli.completing import OPEN_LIST, after_list, words_for
from explorer.request.credential import Login
from explorer.request.errors import FIELDS, first_problem
from explorer.request.option import RequestField
from reports import FORMATS

_NAME = re.compile(r"^[\w.,=-]+$")
_LISTS = frozenset({"--break", *(field.flag for field in FIELDS.values() if field.option.words)})


ARGUMENTS = "trustwalk.arguments"
"""Key of `click.Context.meta`: the arguments of the command, as they were typed."""


class ListCommand(click.Command):
    """A command whose list options take several words (`--persona novice elderly`).

    A word belongs to the list if it looks like a name: it has no slash, colon or dot, and no file of that name exists.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[ARGUMENTS] = tuple(args)
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
        """Complete one more word of the list option at the end of the line. If no word fits, complete as click does."""
        return after_list(ctx, incomplete) or super().shell_complete(ctx, incomplete)


def _looks_like_target(arg: str) -> bool:
    return Path(arg).exists() or arg.lower().endswith((".apk", ".apks", ".xapk", ".apkm")) or "." in arg


def request_options(*names: str, **changes: Any) -> Callable[[Any], Any]:
    """A decorator that adds an option for each named field of RunRequest; without names, for all fields with a flag.

    `changes` override the arguments of `click.option`.

    The command gets each value as it was typed, under the name of its field; RunRequest validates it.
    """
    fields = [FIELDS[name] for name in names] or [field for field in FIELDS.values() if field.flag]

    def add(command: Any) -> Any:
        for field in reversed(fields):  # decorators apply in reverse order
            command = _option(field, changes)(command)
        return command

    return add


def _option(field: RequestField, changes: dict[str, Any]) -> Callable[[Any], Any]:
    how = field.option
    told: dict[str, Any] = {"help": how.about, "type": _type(field), "metavar": how.metavar or None}
    if field.name == "formats":
        told["help"] = f"{how.about.rstrip('.')}: {', '.join(FORMATS)}."
    if field.kind is bool:
        told |= {
            "is_flag": True,
            "type": None,
            "metavar": None,
            "default": None if field.info.default is None else False,
        }
    if how.show_default:
        told |= {"default": field.info.default, "show_default": True}
    if field.name == "login":
        told["callback"] = command_line_password
    return click.option(
        how.flag, field.name, multiple=field.several, shell_complete=words_for(field.flag), **told | changes
    )


def _type(field: RequestField) -> Any:
    how = field.option
    if field.kind is Path:
        return click.Path(path_type=Path, dir_okay=how.folder, exists=how.exists)
    if field.kind is int:
        bounded = field.least is not None and field.most is not None
        return click.IntRange(field.least, field.most) if bounded else click.INT
    return click.STRING


def login(text: str | None) -> Login | None:
    """Credentials from `--login USER` (with a prompt), `--login USER:PASSWORD` (with a warning) or TRUSTWALK_LOGIN."""
    text = text or os.environ.pop("TRUSTWALK_LOGIN", None)
    if not text:
        return None
    user, colon, password = text.partition(":")
    if not colon:
        password = click.prompt(f"Password for {user}", hide_input=True, err=True)
    try:
        return Login.of(user, password)
    except ValidationError as error:
        raise click.BadParameter(first_problem(error)[1], param_hint="--login") from error


def command_line_password(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Warn if a password is on the command line, where everybody on the machine can read it. Returns the value."""
    if value and ":" in value and not ctx.resilient_parsing:
        click.echo(
            "Warning: others on this machine can read a password on the command line. "
            "Set TRUSTWALK_LOGIN=USER:PASSWORD instead.",
            err=True,
        )
    return value


def many(*names: str, **kwargs: Any) -> Callable[[Any], Any]:
    """An option that may be given several times, each time with several words."""
    return click.option(*names, multiple=True, shell_complete=words_for(names[0]), **kwargs)
