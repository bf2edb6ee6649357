"""The table of verdicts for a terminal: `verdict_table` is for rich, `verdict_lines` is plain text."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from flows.incident import JourneyVerdict, Verdict
from reports.chain_picture import common_name
from reports.flaws import on_the_way
from reports.left_alone import left_alone
from reports.page_model import SAW, SYMBOLS
from reports.rollup import headline, overview, private_root
from reports.summary import Summary
from reports.text_display import fitted, host_of, listed

_STYLES = {
    Verdict.PASSED: "green",
    Verdict.DEGRADED: "yellow",
    Verdict.FAILED: "bold red",
    Verdict.BLOCKED: "red",
    Verdict.NOT_ATTEMPTED: "",
    Verdict.NOT_FOUND: "",
    Verdict.INCONCLUSIVE: "",
}
"""Plain ANSI colours, which are readable in every terminal theme."""
NARROW = 110
"""Terminals with fewer columns get a list instead of a table."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a journey (and device, if there are several), the personas with the same verdict, and the verdict."""

    journey: str
    personas: str
    verdict: Verdict
    cause: str
    """The cause's id, because space is scarce. The report has the cause's full title."""
    host: str
    saw: str


def lines(summary: Summary) -> list[Line]:
    """The rows in the order of journeys. Personas with the same verdict share a row."""
    found: list[Line] = []
    for row in overview(summary):
        groups: dict[tuple[str, str, str], list[JourneyVerdict]] = {}
        for verdict in row.personas.values():
            groups.setdefault((verdict.verdict.value, verdict.cause, verdict.host), []).append(verdict)
        found += [_line(summary, row.device, mine, len(row.personas)) for mine in groups.values()]
    return found


def _line(summary: Summary, device: str, mine: list[JourneyVerdict], of: int) -> Line:
    first = next((v for v in mine if v.quote), mine[0])
    who = "all" if len(mine) == of and of > 1 else listed([fitted(v.persona, 30) for v in mine], 3)
    title = fitted(summary.title(first.journey), 40)
    if len(summary.devices) > 1:
        title = f"{title} ({fitted(device, 24)})"
    good = first.verdict is Verdict.PASSED
    saw = "" if good else SAW.get(first.seen_by_user, first.seen_by_user)
    if first.quote and not good:
        saw = f"{saw} “{fitted(first.quote, 60)}”".strip()
    if first.verdict is Verdict.BLOCKED and first.blocked_by != "entry":
        saw = f"nothing, because it needs {fitted(summary.title(first.blocked_by), 30)}"
    if not saw and first.verdict in (Verdict.NOT_ATTEMPTED, Verdict.NOT_FOUND, Verdict.INCONCLUSIVE):
        saw = fitted(first.reason, 40)
    host = host_of(fitted(first.host, 60), first.port) if first.host else ""
    cause = fitted(first.cause, 40) + summary.others(first.host, first.port)
    return Line(title, who, first.verdict, cause, host, saw)


def verdict_table(summary: Summary, width: int = 100) -> RenderableType:
    """The verdicts for a console of `width` columns. The console itself switches colours off (NO_COLOR, pipes)."""
    found = lines(summary)
    told = _list(found) if width < NARROW else _table(found)
    head = [Text(headline(summary), style="bold")]
    root = private_root(summary)
    if root:
        head.insert(
            0,
            Text(
                f"A private CA? All failing hosts have the same unknown root, {fitted(common_name(root), 80)}: use --ca."
            ),
        )
    if summary.cut_off:
        head.insert(0, Text("This run was cut off; the verdicts cover the time until then."))
    aside = on_the_way(summary).told
    alone = left_alone(summary).sentence
    notes = [f"Seen on the way: {aside}; none of it changes a verdict."] if aside else []
    notes += [alone] if alone else []
    below = [*map(Text, notes), Text("")] if notes else []
    return Group(Text(""), *head, Text(""), told, Text(""), *below)


def _table(found: list[Line]) -> Table:
    """The table. Hosts of up to 45 characters are not wrapped, so that they can be copied."""
    table = Table(box=None, padding=(0, 2, 0, 0), expand=False, show_edge=False, pad_edge=False)
    table.add_column("journey", overflow="fold", min_width=12)
    table.add_column("persona", overflow="fold", min_width=7)
    table.add_column("verdict", no_wrap=True)
    table.add_column("cause", no_wrap=True)
    table.add_column("host", overflow="fold", min_width=min(45, max((len(f.host) for f in found), default=0)))
    table.add_column("what the user saw", overflow="fold")
    for line in found:
        table.add_row(
            Text(line.journey), Text(line.personas), _verdict(line), Text(line.cause), Text(line.host), Text(line.saw)
        )
    return table


def _list(found: list[Line]) -> Table:
    """The list for narrow terminals: each verdict, with its cause and what the user saw below it."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for line in found:
        who = f"  ({line.personas})" if line.personas not in ("", "all") else ""
        title = Text(line.journey, style="bold" if line.cause else "")
        table.add_row(_verdict(line), title + Text(who))
        blame = f"{line.cause} at {line.host}" if line.cause and line.host else line.cause or line.host
        for more in (blame, line.saw and f"the user saw: {line.saw}" if line.cause else line.saw):
            if more:
                table.add_row("", Text(more))
    return table


def _verdict(line: Line) -> Text:
    return Text(f"{SYMBOLS[line.verdict]} {line.verdict.value}", style=_STYLES[line.verdict])


def verdict_lines(summary: Summary) -> str:
    """One plain line for each row, for logs and pipes."""
    told = [headline(summary)]
    for line in lines(summary):
        parts = [
            f"{SYMBOLS[line.verdict]} {line.verdict.value:<13} {line.journey}",
            line.personas,
            line.cause,
            line.host,
            line.saw,
        ]
        told.append("  ".join(p for p in parts if p))
    return "\n".join(told) + "\n"
