"""Contacts the hosts that failed in a recording again, and tells what became of each failure.

A host may still be broken, it may have been mended since, or it may be broken only where the recording was made.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

from explorer.tls.diagnose import applying, diagnose
from explorer.tls.probe import TIMEOUT, probe
from explorer.tls.trust import TrustStore
from flows.diagnosis import Cause, Diagnosis, Evidence
from flows.incident import Finding, Severity
from flows.session import Endpoint, SessionLog
from flows.signals import Family, Signal

STILL, MENDED, ONLY_THERE, OPEN, NOT_ASKED = (
    "still-broken", "mended-since", "broken-only-there", "broken-then", "not-asked-now"
)  # fmt: skip
AT_ONCE = 8
MOST = 64
"""Maximum number of hosts that are contacted: a hostile recording could name any number of them."""


async def ask_now(
    log: SessionLog,
    diagnoses: Mapping[Endpoint, Diagnosis],
    trust: TrustStore,
    addresses: Mapping[Endpoint, str],
    timeout: float = TIMEOUT,
) -> tuple[dict[Endpoint, Diagnosis], list[Finding]]:
    """Make one ordinary handshake with each host. Returns all diagnoses, and a finding for each contacted host.

    The diagnosis of a host that is still broken is replaced with one from this handshake. A host in `addresses` is
    contacted at the address given there, any other host at the address that its name resolves to."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(host: Endpoint) -> Evidence:
        async with gate:
            return await probe(
                *host, address=addresses.get(host), trust=trust, timeout=timeout, third_party=True, offline=True
            )

    asked = [host for host in diagnoses if host[0]][:MOST]
    answers = await asyncio.gather(*map(one, asked))
    told = dict(diagnoses)
    findings = []
    for host, evidence in zip(asked, answers, strict=True):
        signals = [s for s in log.signals if (s.host, s.port) == host and s.family is Family.TLS]
        told[host], finding = compared(diagnoses[host], evidence, signals)
        findings.append(finding)
    return told, findings


def compared(then: Diagnosis, now: Evidence, signals: list[Signal]) -> tuple[Diagnosis, Finding]:
    """Compare a recorded failure with today's handshake.

    Returns the better diagnosis of the two, and a finding about what became of the failure."""
    at = f"{then.host}:{then.port}"
    causes = tuple(rule.cause for rule, _ in applying(now))
    if not now.tcp_connected:
        text = f"{at} could not be asked again: {now.error or 'no connection'}."
        return then, _finding(then, NOT_ASKED, Severity.INFO, text)
    if causes:
        found = diagnose(now, signals, third_party=True)
        same = set(causes) & set(then.causes) - {Cause.UNKNOWN_TLS}
        change = "" if same or then.causes == (Cause.UNKNOWN_TLS,) else f" Then it was {then.causes[0].value}."
        text = f"{at} is still broken: {found.why}{change}"
        return found, _finding(then, STILL, Severity.HIGH, text)
    kind, why = _healthy_now(then, now, signals)
    return then, _finding(then, kind, Severity.INFO, f"{at}: {why}")


def _healthy_now(then: Diagnosis, now: Evidence, signals: list[Signal]) -> tuple[str, str]:
    """What became of a failure that today's handshake does not show: the kind of the finding, and an explanation."""
    recorded = then.evidence.chain[0] if then.evidence and then.evidence.chain else None
    served = now.chain[0] if now.chain else None
    time = min((s.time for s in signals), default=0.0)
    if recorded and served and recorded.sha256 == served.sha256:
        return ONLY_THERE, (
            "only broken where it was recorded. The server sends the same certificate now, and current clients accept it: "
            "check the clock, the roots and the age of the client that failed."
        )
    if served and time and served.not_before > datetime.fromtimestamp(time, UTC):
        return (
            MENDED,
            f"mended since: the certificate that it sends now is valid from {served.not_before:%Y-%m-%d %H:%M} UTC on.",
        )
    if recorded and served and recorded.issuer != served.issuer and then.causes[:1] == (Cause.INTERCEPTION,):
        return ONLY_THERE, (
            f"only broken where it was recorded: there, «{recorded.issuer}» issued the certificate, and here «{served.issuer}» "
            "did. Something on the way there replaces the certificate."
        )
    return OPEN, (
        "a handshake from here shows no fault now. Either the host was mended since, or it is broken only where it was "
        "recorded. Possible reasons are a proxy or virus scanner on the way, a wrong clock, old roots, or another "
        "server behind the same name."
    )


def _finding(then: Diagnosis, kind: str, severity: Severity, text: str) -> Finding:
    cause = then.causes[0].value if then.causes else ""
    return Finding(severity, kind, text, then.host, then.port, cause)
