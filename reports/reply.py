"""reply.txt: an answer for the customer and one for each team that runs a failing host, in every language of `replies`.

The answers are drafts for people to send. They say nothing that the evidence does not hold: where it leaves the cause
open, they name all that are possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from textwrap import fill
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from flows.diagnosis import Cause
from readers.yaml_text import read
from reports.page_model import preferred
from reports.rollup import Fix, fixes
from reports.summary import Summary
from reports.text_display import PASTED, host_of, minute, one_line, shown

Side = Literal["server", "client", "network", "app", "open"]
"""Who has to change something. `open`: the evidence does not tell."""
Source = Literal["recording", "run"]
Text = Annotated[str, Field(min_length=1)]
Now = Literal["still-broken", "mended-since", "broken-only-there", "broken-then"]
"""The kinds of findings that `trustwalk read --probe` makes of hosts that it could contact."""
SIDES: Mapping[Cause, Side] = {
    Cause.CLOCK_SKEW: "client",
    Cause.INTERCEPTION: "network",
    Cause.PIN_MISMATCH: "app",
    Cause.CLEARTEXT_BLOCKED: "app",
    Cause.CONNECTION_CUT: "open",
    Cause.HANDSHAKE_TIMEOUT: "open",
    Cause.CLIENT_CERTIFICATE_REQUIRED: "open",
    Cause.UNKNOWN_TLS: "open",
}
"""Who has to change something, by cause; for all other causes, it is the server."""
WIDTH = 100
"""Longest line of prose, in characters. Lines to paste are not wrapped."""


class Team(BaseModel):
    """The sentences to a team."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    failed: Text
    failed_host: Text
    cause: Text
    one_of: Text
    ask: Text
    why: Text
    client: Text
    seen: Text
    change: Text
    check: Text
    now: Mapping[Now, Text]


class Words(BaseModel):
    """The sentences of one language. `journeys` names the journeys of the catalogue; others keep their titles."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    language: Text
    parts: Mapping[Literal["customer", "team", "nothing"], Text]
    nothing: Text
    thanks: Mapping[Source, Text]
    failed: Mapping[Source, Text]
    failed_host: Text
    reason: Text
    open: Text
    list: tuple[str, str]
    advice: Mapping[Side, Text]
    now: Mapping[Now, Text]
    team: Team
    causes: Mapping[Cause, Text]
    journeys: Mapping[str, Text]


@cache
def languages() -> tuple[Words, ...]:
    """The words of every language: English first, then by file name."""
    files = [f for f in resources.files("reports").joinpath("replies").iterdir() if f.name.endswith(".yml")]
    files.sort(key=lambda file: (file.name != "en.yml", file.name))
    return tuple(Words.model_validate(read(file)[1]) for file in files)


def render(summary: Summary) -> str:
    """All answers, in all languages."""
    return "\n".join(line for words in languages() for line in _answers(summary, words)) + "\n"


def _answers(summary: Summary, words: Words) -> Iterator[str]:
    found = [fix for fix in fixes(summary) if fix.failed or fix.blocked] + list(_hosts_alone(summary))
    if not found:
        yield from _headed(words, words.parts["nothing"], [words.nothing])
    for fix in found:
        yield from _headed(words, words.parts["customer"].format(host=_host(fix)), _to_customer(summary, fix, words))
        yield from _headed(words, words.parts["team"].format(host=_host(fix)), _to_team(summary, fix, words))


def _hosts_alone(summary: Summary) -> Iterator[Fix]:
    """The failed hosts of a recording that names no journey for them, such as a packet capture."""
    known = {(fix.host, fix.port) for fix in fixes(summary)}
    for (host, port), diagnosis in summary.diagnoses.items():
        if summary.read_from and host and diagnosis.causes and (host, port) not in known:
            yield Fix(host, port, diagnosis.causes[0].value, diagnosis=diagnosis)


def _headed(words: Words, title: str, lines: Iterable[str]) -> Iterator[str]:
    head = f"{words.language} – {title}"
    yield from (head, "-" * len(head), *lines, "")


def _to_customer(summary: Summary, fix: Fix, words: Words) -> Iterator[str]:
    source: Source = "recording" if summary.read_from else "run"
    causes = _causes(fix)
    told = [words.thanks[source][:1].upper() + words.thanks[source][1:]]
    told += [_failed(words.failed[source] if fix.verdicts else words.failed_host, summary, fix, words)]
    if len(causes) == 1:
        told += [words.reason.format(cause=words.causes[causes[0]])]
    else:
        told += [words.open, *_bullets(causes, words)]
    now = _now(summary, fix, words)
    sides = {SIDES.get(cause, "server") for cause in causes}
    works_now = bool(now) and "still-broken" not in _kinds_now(summary, fix)
    told += [words.advice[sides.pop() if len(sides) == 1 and not works_now else "open"], *now]
    yield from map(_wrapped, told)


def _to_team(summary: Summary, fix: Fix, words: Words) -> Iterator[str]:
    team, diagnosis = words.team, fix.diagnosis
    told = [_failed(team.failed if fix.verdicts else team.failed_host, summary, fix, words)]
    causes = _causes(fix)
    if len(causes) == 1:
        told += [team.cause.format(cause=f"{words.causes[causes[0]]} ({fix.cause})")]
    else:
        told += [team.one_of, *_bullets(causes, words)]
    if diagnosis is not None and diagnosis.why:
        told.append(team.why.format(why=one_line(diagnosis.why, 500)))
    if diagnosis is not None and diagnosis.client_saw:
        told.append(team.client.format(error=one_line(diagnosis.client_saw, 120)))
    if seen := _first_seen(summary, fix):
        told.append(team.seen.format(moment=seen))
    told += [team.now[kind].format(moment=_asked_at(summary)) for kind in _kinds_now(summary, fix)]
    yield from map(_wrapped, told)
    if len(causes) > 1:
        yield from ("", team.ask, f"    trustwalk probe {_host(fix)}")
        return
    for remedy in preferred(fix)[:1]:
        yield from ("", team.change.format(where=one_line(remedy.where, 80)))
        yield from (f"    {shown(line, PASTED)}" for line in (remedy.lines or remedy.title).splitlines())
        if remedy.check:
            yield from (team.check, f"    {shown(remedy.check, PASTED)}")


def _kinds_now(summary: Summary, fix: Fix) -> list[Now]:
    """What a handshake showed of the host when the recording was read."""
    place = (fix.host, fix.port)
    return [kind for kind in get_args(Now) if any((f.host, f.port, f.kind) == (*place, kind) for f in summary.findings)]


def _now(summary: Summary, fix: Fix, words: Words) -> list[str]:
    return [words.now[kind].format(moment=_asked_at(summary)) for kind in _kinds_now(summary, fix)]


def _asked_at(summary: Summary) -> str:
    """When the recording was read: then its hosts were asked."""
    read_at = summary.run.options.get("read_at")
    return minute(read_at) if isinstance(read_at, (int, float)) else minute(summary.run.started)


def _causes(fix: Fix) -> list[Cause]:
    """All causes that the evidence allows: one if it is known, else several, the likeliest first."""
    if fix.diagnosis is not None and fix.diagnosis.alternatives and len(fix.diagnosis.causes) > 1:
        return list(fix.diagnosis.causes)
    return [Cause(fix.cause)]


def _bullets(causes: Iterable[Cause], words: Words) -> list[str]:
    return [f"- {words.causes[cause]}" for cause in causes]


def _wrapped(text: str) -> str:
    return fill(text, WIDTH, break_on_hyphens=False, subsequent_indent="  " if text.startswith("- ") else "")


def _first_seen(summary: Summary, fix: Fix) -> str:
    mine = {name for verdict in fix.verdicts for name in verdict.incidents}
    times = [
        signal.time
        for incident in summary.incidents.values()
        if incident.id in mine
        for signal in summary.signals_of(incident)
    ]
    return minute(min(times)) if times else ""


def _failed(sentence: str, summary: Summary, fix: Fix, words: Words) -> str:
    return sentence.format(journeys=_journeys(summary, fix, words), host=_host(fix))


def _journeys(summary: Summary, fix: Fix, words: Words) -> str:
    names = [*fix.failed, *fix.blocked]
    return _joined([f"«{words.journeys.get(name) or one_line(summary.title(name), 80)}»" for name in names], words.list)


def _joined(texts: list[str], between: tuple[str, str]) -> str:
    """The texts as a list: «a, b or c»."""
    return between[1].join(filter(None, [between[0].join(texts[:-1]), *texts[-1:]]))


def _host(fix: Fix) -> str:
    return one_line(host_of(fix.host, fix.port), 120)
