"""Groups the requests of a recording by what the person did: opening a page, or acting on a page. Pure.

A recording shows no presses and no screens. A group begins with a new page, after a pause, or with a request that
belongs to another journey. A group gets a journey only if words from that journey's definition match its requests.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from explorer.evidence.seen import Seen
from flows.incident import Symptom
from flows.journey import Journey
from flows.recognise.addresses import journey_of_address, journey_of_fields, journey_of_title
from flows.signals import Family, Signal
from flows.step import Action, ActionKind, Decision, Step

PAUSE = 1.0
"""Seconds without a new request. After such a pause, the next request counts as an action of the person."""
_QUIET = frozenset({"Image", "Font", "Stylesheet", "Media", "TextTrack", "Ping", "Prefetch", "Manifest", "Preflight"})
"""Types of requests that begin no group and end no pause, because pages send them by themselves."""
_SURE = 0.5


@dataclass(slots=True)
class Doing:
    """The requests of one thing that the person did.

    `page` is true if it opened a page. `journey` is the id of its journey, or empty."""

    requests: list[Seen] = field(default_factory=list)
    page: bool = False
    journey: str = ""
    sends: bool = False
    """Whether a request of the group sent data, and did not only ask for data."""

    @property
    def first(self) -> Seen:
        return self.requests[0]


def doings(requests: Iterable[Seen], journeys: Sequence[Journey]) -> list[Doing]:
    """Group the requests by what the person did, in order of time."""
    found: list[Doing] = []
    last = float("-inf")
    ordered = sorted(requests, key=lambda s: s.started)
    opened = Counter(s.page for s in ordered if s.kind == "Document" and s.main)
    for seen in ordered:
        quiet = seen.kind in _QUIET
        page = seen.kind == "Document" and seen.main
        paused = not quiet and seen.started - last >= PAUSE
        journey = "" if quiet else _journey(seen, journeys, title=seen.title if page and opened[seen.page] == 1 else "")
        acts = _sends(seen) or (paused and not page)
        other = bool(journey and acts and found and found[-1].journey != journey)
        redirected = page and bool(found) and found[-1].page and 300 <= found[-1].requests[-1].status < 400
        if not found or (page and not redirected) or paused or other:
            found.append(Doing(page=page))
        doing = found[-1]
        doing.requests.append(seen)
        if not doing.journey and journey and (page or acts):
            doing.journey = journey
        doing.sends |= _sends(seen) and (not journey or journey == doing.journey)
        last = last if quiet else max(last, seen.started)
    return found


def _sends(seen: Seen) -> bool:
    return seen.kind == "WebSocket" or (
        seen.method not in ("GET", "HEAD", "OPTIONS", "CONNECT")
        and seen.kind not in ("Ping", "Preflight", "CSPViolationReport")
    )


def _journey(seen: Seen, journeys: Sequence[Journey], *, title: str) -> str:
    """The id of the journey that a request's fields, address or page title name; empty if they name none.

    The caller passes an empty `title` if the tab loaded several documents, because some recorders keep only the
    title of the last one."""
    by_fields = journey_of_fields(journeys, seen.fields) if seen.fields else ""
    if by_fields:
        return by_fields
    named, sure = journey_of_address(journeys, seen.url)
    if sure >= _SURE:
        return named
    return journey_of_title(journeys, title) if title and "://" not in title else ""


def steps_of(found: Sequence[Doing], session: str, journeys: Sequence[Journey]) -> tuple[Step, ...]:
    """Turn the groups of requests into the steps of a session."""
    known = {j.id: j for j in journeys}
    opened = Counter(d.first.page for d in found if d.page)
    steps: list[Step] = []
    at = ""
    for number, doing in enumerate(found):
        titled = doing.first.title if opened[doing.first.page] == 1 else ""
        steps.append(_step(number, doing, session, known.get(doing.journey), at, titled))
        at = steps[-1].after
    return tuple(steps)


def _step(number: int, doing: Doing, session: str, journey: Journey | None, before: str, title: str) -> Step:
    first = doing.first
    url = first.url.partition("?")[0]
    kind = ActionKind.OPEN if doing.page else ActionKind.ASK
    label = url if doing.page else f"{_telling(doing).method} {_where(_telling(doing).url)}"
    action = Action(kind, key=url, label=label)
    stage = _stage(doing, journey) if journey else ""
    due = bool(journey) and (doing.sends or doing.page)
    why = "" if not journey else "its addresses, title or fields name this journey"
    ends = max(s.finished for s in doing.requests)
    return Step(
        n=number,
        session=session,
        decision=Decision(action, doing.journey, stage, why=why, expects=due),
        started=first.started,
        settled=max(ends, first.started),
        settled_as="pending" if any(s.pending for s in doing.requests) else "quiet",
        before=before,
        after=url if doing.page else before,
        changed=True,
        address=url if doing.page else "",
        title=title,
    )


def _telling(doing: Doing) -> Seen:
    """The request that shows best what was done: one that sends and failed, else one that sends, else the first."""
    ranked = [s for s in doing.requests if s.kind not in _QUIET] or doing.requests
    return next((s for s in ranked if _sends(s) and s.failed), next((s for s in ranked if _sends(s)), ranked[0]))


def _where(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.netloc}{parts.path}"


def _stage(doing: Doing, journey: Journey) -> str:
    due = next((s.id for s in journey.stages if s.expects), journey.stages[-1].id)
    return due if doing.sends else journey.stages[0].id


def with_warnings(steps: Sequence[Step], signals: Iterable[Signal], requests: Iterable[Seen]) -> tuple[Step, ...]:
    """The steps, with the browser's warning as the screen of each step whose page the browser refused.

    Nothing else is certain about what the person saw."""
    pages = {f"{steps[0].session}:{r.id}" for r in requests if r.kind == "Document" and r.main} if steps else set()
    refused = [
        s.time for s in signals if s.family is Family.TLS and s.place in ("document", "form") and s.request in pages
    ]
    starts = [s.started for s in steps]
    told = []
    for step, end in zip(steps, [*starts[1:], float("inf")], strict=False):
        hit = any(step.started <= time < end for time in refused)
        told.append(replace(step, seen=Symptom.BROWSER_WARNING) if hit else step)
    return tuple(told)
