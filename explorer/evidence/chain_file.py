"""Judges the certificates in a file as a probe judges those that a server sends.

The judgement says what is missing, which clients refuse the chain, and how long it is valid.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from explorer.evidence.certificates import CertificateFile, ordered, public_key
from explorer.tls.chain import describe, name_matches
from explorer.tls.chain_facts import Asking, chain_facts, examined_faults
from explorer.tls.lifetime import days_left, first_to_end
from explorer.tls.probe_outcome import ProbeOutcome, judge_host
from explorer.tls.trust import TrustStore
from flows.diagnosis import RECORDED_ROUTE, Evidence
from flows.incident import Finding, Severity

KEY_MISMATCH = "key-of-another-certificate"
LEAF_NOT_FIRST = "leaf-not-first"
ENDS = "valid-until"


async def judge_file(found: CertificateFile, host: str, trust: TrustStore, now: datetime, source: str) -> ProbeOutcome:
    """Judge a file with a server's certificate for `host`, or for the certificate's first name if `host` is empty.

    Nothing is fetched. `now` has a time zone. `source` is the name of the file."""
    chain = list(ordered(found))
    leaf = describe(chain[0])
    name = host or next(iter(leaf.names), "") or "no name"
    facts, path, faults = await chain_facts(chain, Asking(trust, (), now, 0, offline=True, private=False))
    if found.leaf is not None and found.certificates[0] is not found.leaf:
        facts.pop("chain-order", None)  # the finding below says more
    evidence = Evidence(
        name,
        443,
        None,
        name,
        now,
        chain=tuple(describe(c) for c in chain),
        verify_faults=tuple(dict.fromkeys((*faults, *examined_faults(path)))),
        name_matches=name_matches(leaf, name) if host else None,
        trust_store=trust.words,
        route=f"{RECORDED_ROUTE}{source}",
        facts=facts,
    )
    outcome = judge_host(evidence, now)
    own = [
        *_about_keys(found, name),
        *_about_order(found, name),
        *([] if outcome.diagnosis.causes else _about_end(evidence, name, now)),
    ]
    return replace(outcome, findings=(*own, *outcome.findings))


def _about_keys(found: CertificateFile, name: str) -> list[Finding]:
    if not found.keys or public_key(ordered(found)[0]) in found.keys:
        return []
    text = "The private key in the file belongs to another certificate. A server does not start with this pair."
    return [Finding(Severity.CRITICAL, KEY_MISMATCH, text, name, 443)]


def _about_order(found: CertificateFile, name: str) -> list[Finding]:
    if found.leaf is None or found.certificates[0] is found.leaf:
        return []
    text = "The server's own certificate is not the first in the file. Servers take the first one as their own: put it first."
    return [Finding(Severity.HIGH, LEAF_NOT_FIRST, text, name, 443)]


def _about_end(evidence: Evidence, name: str, now: datetime) -> list[Finding]:
    """A finding that says until when the path is valid; no finding if it has ended already.

    The first certificate to expire decides. That need not be the server's own."""
    ends = first_to_end(evidence)
    if ends is None or ends.not_after <= now:
        return []
    whose = "" if ends == evidence.chain[0] else f" The authority's certificate «{ends.subject}» expires first."
    text = (
        f"The chain is valid until {ends.not_after:%Y-%m-%d %H:%M} UTC, for {days_left(ends, now)} more days. After "
        f"that, every client refuses it.{whose}"
    )
    return [Finding(Severity.INFO, ENDS, text, name, 443)]
