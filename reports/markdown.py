"""Markdown for a job summary or a pull-request comment: what fails, for whom, why, and what to change.

The length stays within GitHub's limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from flows.incident import Verdict
from reports.chain_picture import common_name
from reports.difference import parts
from reports.failures import Difference
from reports.flaws import on_the_way, top
from reports.left_alone import left_alone
from reports.page_model import SAW, SYMBOLS, preferred, whom
from reports.rollup import Fix, calendar, fixes, headline, overview, private_root
from reports.summary import Summary, is_tls
from reports.text_display import PASTED, count, host_of, listed, minute, one_line, shown, without_values

LIMIT = 60_000
"""Longest text, in characters. GitHub accepts 65,536 in a comment, so there is room for added lines."""
_SPECIAL = re.compile(r"[^\w\s.,:;/%()=«»“”‘’…–✓✕◐⊘∅?-]", re.ASCII)


def render(summary: Summary) -> str:
    """The whole text. Parts beyond the limit are omitted, and a line says so."""
    return _fitted(_blocks(summary))


def _fitted(blocks: Iterable[str]) -> str:
    kept: list[str] = []
    length, left_out = 0, 0
    for block in blocks:
        if length + len(block) + 2 > LIMIT:
            left_out += 1
            continue
        kept.append(block)
        length += len(block) + 2
    if left_out:
        kept.append(f"_{count(left_out, 'part')} omitted because of the size limit; the HTML report has everything._")
    return "\n\n".join(kept) + "\n"


def _blocks(summary: Summary) -> Iterable[str]:
    mark = "✕" if any(r.bad for r in overview(summary)) else "✓" if summary.complete else "?"
    yield f"## {mark} {_md(headline(summary))}"
    yield f"Trustwalk explored {_code(without_values(summary.run.target))} on {minute(summary.run.started)} with seed {summary.run.seed}."
    if summary.cut_off:
        yield f"> **This run was cut off.** The report covers the time until then. {_md(summary.lost())}".rstrip()
    elif summary.lacking:
        yield f"> **This run is not whole.** {_md(one_line(summary.lacking, 600))}"
    elif not summary.complete:
        yield "> **This run was interrupted.** The verdicts cover the time until then."
    root = private_root(summary)
    if root:
        yield f"> **A private CA?** All failing hosts have the same unknown root, {_md(common_name(root))}. Use `--ca FILE` if users trust it."
    if summary.difference is not None:
        yield _changes(summary.baseline, summary.difference)
    for fix in fixes(summary):
        yield _fix(summary, fix)
    yield from _table(summary)
    soon = [h for h in calendar(summary) if h.days_left is not None and 0 <= h.days_left < 30]
    if soon:
        lines = [
            f"- {_md(host_of(h.host, h.port))}: {count(h.days_left or 0, 'day')} left; then this breaks: "
            f"{_md(listed([summary.title(j) for j in h.journeys]) or 'no journey that was seen')}"
            for h in soon[:20]
        ]
        yield "### Certificates that expire soon\n" + "\n".join(lines)
    if summary.findings:
        lines = [f"- **{f.severity.value}** {_md(one_line(f.text, 300))}" for f in summary.findings[:30]]
        more = len(summary.findings) - 30
        if more > 0:
            lines.append(f"- and {more} more")
        yield (
            f"<details><summary>{count(len(summary.findings), 'finding')} that broke no journey</summary>\n\n"
            + "\n".join(lines)
            + "\n\n</details>"
        )
    if alone := left_alone(summary).sentence:
        yield alone
    seen = on_the_way(summary)
    if seen.sights:
        lines = [f"- {_md(one_line(line, 300))}" for line in top(seen, 5)]
        more = len(seen.sights) - len(lines)
        lines += [f"- and {more} more in the HTML report"] if more else []
        yield (
            f"<details><summary>Seen on the way: {seen.told}. None of it changes a verdict.</summary>\n\n"
            + "\n".join(lines)
            + "\n\n</details>"
        )


def _changes(baseline: str, difference: Difference) -> str:
    """The number of failures of each state (new, fixed…), then every failure that is not unchanged."""
    found = parts(difference)
    if not found:
        return f"Compared with {_code(one_line(baseline, 200))}: no failures in either run."
    lines = [
        f"**Compared with {_code(one_line(baseline, 200))}**: {', '.join(f'{len(mine)} {title[0].lower()}{title[1:]}' for title, mine in found)}"
    ]
    for title, mine in found:
        if title == "Unchanged":
            continue
        lines += [f"- **{title}**: {_md(one_line(line, 400))}" for line in mine[:20]]
        lines += [f"- **{title}**: {len(mine) - 20} more"] if len(mine) > 20 else []
    return lines[0] + "\n\n" + "\n".join(lines[1:]) if lines[1:] else lines[0]


def _fix(summary: Summary, fix: Fix) -> str:
    parts = [
        f"{_md(listed([f'«{summary.title(j)}»' for j in names]))} {word}"
        for names, word in ((fix.failed, "failed"), (fix.blocked, "blocked"), (fix.degraded, "degraded"))
        if names
    ]
    saw = list(
        dict.fromkeys(
            f"{SAW.get(v.seen_by_user, v.seen_by_user)}{f' “{one_line(v.quote, 120)}”' if v.quote else ''}"
            for v in fix.verdicts
            if v.seen_by_user
        )
    )
    why = fix.diagnosis.why if fix.diagnosis and fix.diagnosis.causes else ""
    lines = [
        f"### {', '.join(parts)} – {_md(whom(summary, fix.verdicts))}",
        f"**{_md(host_of(fix.host, fix.port))}**: {_md(summary.cause_at(fix.cause, fix.host, fix.port))}. {_md(one_line(why, 400))}".rstrip(),
    ]
    if saw:
        lines.append(f"Users saw {_md(listed(saw, 3))}.")
    for remedy in preferred(fix)[:1]:
        lines.append(f"**Change** ({_md(remedy.where)}): {_md(remedy.title)}")
        if remedy.lines:
            lines.append(_fence(remedy.lines))
        if remedy.check:
            lines.append(f"Check the result: {_code(remedy.check)}")
    return "\n\n".join(lines)


def _table(summary: Summary) -> Iterable[str]:
    """The overview, in parts that can be omitted one by one."""
    head = "| Journey | Device | Result | For | Why |\n| --- | --- | --- | --- | --- |"
    rows = []
    for row in overview(summary):
        bad = [p for p, v in row.personas.items() if v.verdict is row.verdict]
        cause = summary.cause_at(row.cause, row.host, row.port) if row.cause else ""
        why = f"{cause} {host_of(row.host, row.port) if row.host else ''}".strip() if cause else ""
        if not why and row.verdict not in (Verdict.PASSED, Verdict.FAILED):
            why = next((v.why for v in row.personas.values() if v.verdict is row.verdict), "")
        result = f"{SYMBOLS[row.verdict]} {row.verdict.value}" + (", intermittent" if row.intermittent else "")
        cells = (
            summary.title(row.journey),
            row.device,
            result,
            f"{len(bad)} of {len(row.personas)}: {listed(bad, 3)}",
            one_line(why, 160),
        )
        rows.append("| " + " | ".join(_md(one_line(c, 200)) for c in cells) + " |")
    if rows:
        worst = len({r.journey for r in overview(summary) if is_tls(r.cause) and r.bad})
        yield f"### Overview\n{count(worst, 'journey')} broken by TLS, over all devices.\n\n" + "\n".join(
            [head, *rows[:80]]
        )
    if len(rows) > 80:
        yield f"{len(rows) - 80} more rows in the HTML report."


def _md(text: str) -> str:
    """Text that Markdown and HTML show as it is: every special character becomes an entity."""
    return _SPECIAL.sub(lambda m: m[0] if ord(m[0]) > 127 else f"&#{ord(m[0])};", shown(text, 1000).replace("\n", " "))


def _code(text: str) -> str:
    return f"<code>{_md(text)}</code>"


def _fence(text: str) -> str:
    longest = max((len(m) for m in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{shown(text, PASTED)}\n{fence}"
