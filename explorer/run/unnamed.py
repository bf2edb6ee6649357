"""Probes the hosts that a package names, if a device's log names no host of a TLS failure, or tells nothing at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from explorer.request.resolve import RunOptions
from explorer.run.android import Android
from explorer.run.probing import diagnose_endpoints
from explorer.tls.diagnose import diagnose
from flows.diagnosis import Diagnosis
from flows.incident import Finding
from flows.judge.unnamed import name_hosts, nameless
from flows.judge.unobserved import observed
from flows.session import Endpoint, SessionLog


async def settle_unnamed(
    android: Android, logs: Sequence[SessionLog], options: RunOptions, known: Mapping[Endpoint, Diagnosis]
) -> tuple[list[SessionLog], dict[Endpoint, Diagnosis], list[Finding]]:
    """Returns the logs with the hosts that can be named, their diagnoses, and findings on failures that stay unnamed.

    The diagnoses leave out a host that was only probed, because nothing shows that the app uses that host."""
    open_ = any(map(nameless, logs)) or not all(map(observed, logs))
    hosts = [*dict.fromkeys([*known, *android.hosts])] if open_ else []
    if not hosts:
        return list(logs), {}, []
    asked = await diagnose_endpoints([h for h in hosts if h not in known], options)
    android.candidates.update({host: asked[host] for host in android.hosts if host in asked})
    candidates = {**asked, **{host: known[host] for host in hosts if host in known}}
    told, found = list[SessionLog](), list[Finding]()
    for log in logs:
        mine, left = name_hosts(log, candidates, android.peers.get(log.session, ()))
        told.append(mine)
        found += left
    return told, _with_words(told, candidates), found


def _with_words(logs: Sequence[SessionLog], candidates: Mapping[Endpoint, Diagnosis]) -> dict[Endpoint, Diagnosis]:
    """The diagnoses of the hosts that were named, based on the probe and the client's signals."""
    found: dict[Endpoint, Diagnosis] = {}
    for host, diagnosis in candidates.items():
        words = [s for log in logs for s in log.signals if (s.host, s.port) == host]
        if diagnosis.evidence is not None and any(s.named_by for s in words):
            found[host] = diagnose(diagnosis.evidence, words, third_party=diagnosis.third_party)
    return found
