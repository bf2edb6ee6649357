"""Turns what a net log or a packet capture recorded about a host into the evidence from which causes are decided.

The evidence consists of the chain as served, the TLS alerts, and how the handshake ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from explorer.monitors.browser.netlog import HostLog
from explorer.tls.chain import describe, name_matches, quiet
from explorer.tls.chain_facts import Asking, chain_facts, examined_faults
from explorer.tls.trust import TrustStore
from flows.diagnosis import RECORDED_ROUTE, Evidence
from flows.probe_facts import ProbeFacts

_ENDS = {-100: "closed", -101: "reset", -102: "", -324: "closed", -118: "timeout", -7: "timeout"}
"""Chromium net error (net/base/net_error_list.h) → how the handshake ended, in the words of a probe."""


async def evidence_of(
    log: HostLog,
    trust: TrustStore,
    known: Sequence[x509.Certificate],
    source: str,
    at: float,
    clock_error: float | None,
) -> Evidence:
    """The recorded evidence about one host.

    `known` are issuer certificates that any host sent (see `of_client`). `source` names the recording in a sentence.
    `at` is the time of the failure by the client's clock, in seconds since the epoch. `clock_error` is how many seconds
    that clock was ahead; None if unknown.
    """
    now = datetime.fromtimestamp(at, UTC)
    chain = [c for pem in log.chain if (c := _parsed(pem)) is not None]
    evidence = Evidence(
        log.host,
        log.port,
        log.address or None,
        log.host,
        now,
        tcp_connected=log.tcp_connected,
        client_hello_sent=log.client_hello_sent or bool(log.chain or log.alerts_received),
        protocol=log.chosen_version or (_VERSIONS.get(log.protocol) if log.handshakes_done else None),
        cipher=log.chosen_suite or None,
        alert=next(iter(log.alerts_received), None),
        client_certificate_requested=log.asked_for_certificate,
        server_clock=now - timedelta(seconds=clock_error) if clock_error is not None else None,
        trust_store=trust.words,
        route=f"{RECORDED_ROUTE}{source}",
    )
    facts = ProbeFacts()
    if log.path_errors:
        facts["client-path"] = "; ".join(log.path_errors)[:500]
    if log.ended and (not chain or log.chosen_version or log.asked_for_certificate):
        facts["handshake"] = log.ended
    elif not log.ended and not log.handshakes_done and not chain:
        facts["handshake"] = _ended(log)
    if log.first_bytes:
        facts["first-bytes"] = log.first_bytes
    if log.alerts_sent:
        facts["client-alert"] = ", ".join(log.alerts_sent)
    if not chain:
        return replace(evidence, facts=facts)
    found, path, faults = await chain_facts(chain, Asking(trust, known, now, 0, offline=True, private=False))
    described = tuple(describe(c) for c in chain)
    return replace(
        evidence,
        chain=described,
        verify_faults=tuple(dict.fromkeys((*faults, *examined_faults(path)))),
        name_matches=name_matches(described[0], log.host) if log.named else None,
        facts={**facts, **found},
    )


_VERSIONS = {"TLS 1": "TLSv1", "TLS 1.0": "TLSv1", "TLS 1.1": "TLSv1.1", "TLS 1.2": "TLSv1.2", "TLS 1.3": "TLSv1.3"}


def _ended(log: HostLog) -> str:
    if log.alerts_received:
        return "alert"
    return next((_ENDS[code] for code in log.net_errors if code in _ENDS), "error" if log.net_errors else "")


def _parsed(pem: str) -> x509.Certificate | None:
    return quiet(lambda: x509.load_pem_x509_certificate(pem.encode()), None)


def of_client(hosts: Iterable[HostLog], trust: TrustStore) -> tuple[TrustStore, list[x509.Certificate]]:
    """The roots that the client trusts, and the issuer certificates that any host sent.

    The roots are those of `trust` and the ones that the client's own verifier reached, such as the root of a company or
    of a proxy. The issuers help where a chain is incomplete, because another host often sends the missing certificate.
    """
    reached: dict[bytes, x509.Certificate] = {}
    sent: dict[bytes, x509.Certificate] = {}
    known = set(trust.roots)
    for log in hosts:
        root = _parsed(log.anchor) if log.anchor else None
        if root is not None and root not in known and describe(root).self_issued:
            reached[root.fingerprint(SHA256())] = root
        for certificate in filter(None, map(_parsed, log.chain[1:])):
            sent[certificate.fingerprint(SHA256())] = certificate
    if not reached:
        return trust, list(sent.values())
    words = f"{trust.words} + the client's own ({len(reached)})"
    return replace(trust, private=(*trust.private, *reached.values()), words=words), list(sent.values())
