"""Finds what else can have made a journey fail, besides TLS: a limit of ours, another site, a server error, a crash."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from flows.judge.settle import Diagnoses
from flows.session import Endpoint, SessionLog, entry_step, own_requests, window
from flows.signals import Family
from flows.site import is_own
from flows.step import Step


def cut_short(steps: Sequence[Step], last: Step) -> str:
    """Returns the limit of Trustwalk that stopped the journey, in words; empty if none did.

    If the last step failed, only the limit at this step counts; otherwise, the last limit at any step.
    """
    failed = bool(last.seen) or any(c.outcome == "failure" for c in last.cues)
    return last.cut_short if failed else next((s.cut_short for s in reversed(steps) if s.cut_short), "")


def away(log: SessionLog, shown: Sequence[Step], diagnoses: Diagnoses) -> str:
    """Returns the host of another site if the only visible failure is that pages of that site were unreachable.

    An example is a link to the vendor's handbook: its failure says nothing about this app. Pages in frames do not
    count.
    """
    hosts = [urlsplit(step.address).hostname or "" for step in shown]
    down = {s.host for s in log.signals if s.family is Family.NETWORK}
    pages = all(c.kind == "error-page" and not c.frame for step in shown for c in step.cues if c.outcome == "failure")
    gone = all(host in down and not _may_be_own(log, (host, 443), diagnoses) for host in hosts)
    return hosts[-1] if hosts and pages and gone else ""


def _may_be_own(log: SessionLog, host: Endpoint, diagnoses: Diagnoses) -> bool:
    """Whether a host may belong to the target. For a native app, any host without a diagnosis may."""
    native = (entry := entry_step(log)) is not None and entry.native
    return is_own(log, host, diagnoses) or (native and host not in diagnoses)


def another_failure(log: SessionLog, steps: Sequence[Step], diagnoses: Diagnoses) -> str:
    """Describes a server error, network error or crash during the steps; empty if there is none.

    An unreachable third-party host does not count: an image, a library, the vendor's site."""
    for step in steps:
        start, end = window(log, step)
        for exchange in own_requests(log, step):
            if exchange.status >= 500:
                return f"{exchange.host} answered with HTTP {exchange.status}"
        for signal in log.signals:
            told = signal.family is Family.CRASH or (
                signal.family is Family.NETWORK and _may_be_own(log, (signal.host, signal.port), diagnoses)
            )
            if start <= signal.time < end and told and not signal.background:
                return f"{signal.error} {signal.host}".strip()
    return ""
