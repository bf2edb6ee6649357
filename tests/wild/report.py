"""Tells a measurement of generated portals: as a table for the terminal, and as a page of the docs. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from tests.field.app import App
from tests.field.score import Score, plain

HEALTHY = "healthy"
Pair = tuple[App, Score]


def shown(pairs: Sequence[Pair]) -> Table:
    """One row for each seed."""
    table = Table("seed", "patterns", "healthy", "faults right", "false", "exit")
    for name in dict.fromkeys(app.name for app, _ in pairs):
        own = [(a, s) for a, s in pairs if a.name == name]
        table.add_row(name.removeprefix("wild-"), own[0][0].about, *_cells(own))
    table.add_section()
    table.add_row("all", f"{len({a.name for a, _ in pairs})} portals", *_cells(pairs))
    return table


def _cells(pairs: Sequence[Pair]) -> tuple[str, str, str, str]:
    healthy = [s for _, s in pairs if s.case == HEALTHY]
    faults = [s for _, s in pairs if s.case != HEALTHY]
    return (
        f"{sum(s.passed for s in healthy)} of {sum(s.possible for s in healthy)}",
        f"{sum(not s.misses for s in faults)} of {len(faults)}",
        str(sum(len(s.wrong) for _, s in pairs)),
        " ".join(str(s.code) if s.code_right else f"{s.code}!" for _, s in pairs) if len(pairs) < 6 else "",
    )


def figures(pairs: Sequence[Pair], languages: Sequence[str]) -> str:
    """The sums, and each miss with what was drawn, for the accuracy page."""
    healthy = [s for _, s in pairs if s.case == HEALTHY]
    faults = [s for _, s in pairs if s.case != HEALTHY]
    done, possible = sum(s.passed for s in healthy), sum(s.possible for s in healthy)
    verdicts, right = sum(s.verdicts for s in faults), sum(s.right for s in faults)
    seeds = sorted({int(a.name.rpartition("-")[2]) for a, _ in pairs})
    lines = [
        f"Seeds {seeds[0]} to {seeds[-1]}, in {', '.join(languages)}:",
        "",
        "| measured | figure |",
        "|---|---|",
        f"| portals | {len(seeds)} |",
        f"| healthy journeys passed | {done} of {possible} ({done / possible:.0%}) |",
        f"| verdicts right with one broken certificate | {right} of {verdicts} ({right / max(1, verdicts):.0%}) |",
        f"| runs with one broken certificate right throughout | {sum(not s.misses for s in faults)} of {len(faults)} |",
        f"| false blames | {sum(len(s.wrong) for _, s in pairs)} |",
        f"| wrong exit codes | {sum(not s.code_right for _, s in pairs)} |",
        "",
        "What was missed, and what the portal was made of:",
        "",
    ]
    for app, score in pairs:
        seed = app.name.removeprefix("wild-")
        lines.extend(f"- **seed {seed}, {score.case}**: {plain(line)}" for line in (*score.wrong, *score.misses))
        if score.wrong or score.misses:
            lines.append(f"    - `{app.about}`")
    return "\n".join([*lines, ""])
