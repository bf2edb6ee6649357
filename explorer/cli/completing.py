"""Shell completion: names of personas, journeys, devices and formats, and folders of runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from explorer.cli import names
from explorer.request.errors import FIELDS
from explorer.request.option import RequestField

OPEN_LIST = "trustwalk.open_list"
"""Key in `click.Context.meta`. The value is the list option to which one more word may belong, or empty."""
Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def words_for(option: str) -> Completer | None:
    """A completer for an option that takes names, separated by commas or spaces; None for any other option."""
    if option not in _WORDS:
        return None

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return _offer(option, ctx, incomplete)

    return complete


def after_list(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Complete one more word of the list option at the end of the line. If there is no such option, offer nothing."""
    option = ctx.meta.get(OPEN_LIST, "")
    return _offer(option, ctx, incomplete) if option in _WORDS else []


def files(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete one more word of the list option at the end of the line. If no word fits, complete file names."""
    return after_list(ctx, incomplete) or [CompletionItem(incomplete, type="file")]


def runs(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete one more word of the list option at the end of the line, or else the name of a run folder.

    Run folders come from ./trustwalk-runs, newest first. If none of them fits, any folder name is completed."""
    found = sorted((str(path.parent) for path in Path("trustwalk-runs").glob("*/journal.jsonl")), reverse=True)
    offered = [CompletionItem(path) for path in found if path.startswith(incomplete)]
    return after_list(ctx, incomplete) or offered or [CompletionItem(incomplete, type="dir")]


def _offer(option: str, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """The words of an option that begin with the typed text. Words before a comma are kept and not offered again."""
    done, comma, begun = incomplete.rpartition(",")
    taken = set(done.split(","))
    return [
        CompletionItem(f"{done}{comma}{word}", help=about or None)
        for word, about in _WORDS[option](ctx).items()
        if word.startswith(begun) and word not in taken
    ]


def _devices(ctx: click.Context) -> Mapping[str, str]:
    file = ctx.params.get("devices_file")
    return names.devices(Path(file) if file else None)


def _formats(ctx: click.Context) -> Mapping[str, str]:
    from reports import FORMATS

    return {name: entry.about for name, entry in FORMATS.items()}


def _choices(field: RequestField) -> Callable[[click.Context], Mapping[str, str]]:
    return lambda _: dict.fromkeys(field.choices, "")


_WORDS: Mapping[str, Callable[[click.Context], Mapping[str, str]]] = {
    "--persona": lambda _: names.personas() | {"all": "all of them"},
    "--journey": lambda _: names.journeys(),
    "--require": lambda _: names.journeys(),
    "--device": _devices,
    "--format": _formats,
    **{field.flag: _choices(field) for field in FIELDS.values() if field.flag and field.choices},
}
