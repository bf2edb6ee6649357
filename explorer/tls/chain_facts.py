"""Facts about a chain: its path to a root, what is missing, and the faults in it.

Some chains come from probed servers, others from files. Both are examined here, so that both are judged alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from OpenSSL import crypto

from explorer.tls import completing
from explorer.tls.chain import Path, build_path, describe, is_authority, may_sign, quiet, serves_tls
from explorer.tls.served import served_oddities
from explorer.tls.trust import TrustStore
from explorer.tls.verify_codes import NO_SIGNING, RULES, words
from flows.diagnosis import VerifyFault
from flows.probe_facts import ProbeFacts


@dataclass(frozen=True, slots=True)
class Asking:
    """How a chain is examined.

    `trust` holds the trusted roots. `known` are certificates seen elsewhere in the run. `now` is the time at which the
    chain is judged. Missing issuers are fetched, each within `timeout` seconds: with `offline`, none is fetched; with
    `private`, also from private addresses."""

    trust: TrustStore
    known: Sequence[x509.Certificate]
    now: datetime
    timeout: float
    offline: bool
    private: bool


async def chain_facts(
    found: list[x509.Certificate], asking: Asking, *, unreadable: bool = False
) -> tuple[ProbeFacts, Path, list[VerifyFault]]:
    """Examine the chain `found` (leaf first): returns its facts, its path, and the faults that `cryptography` sees.

    `unreadable` says that the server also sent certificates that cannot be parsed."""
    path = build_path(found[0], found[1:], asking.trust.roots)
    facts = served_oddities(found, path, asking.now)
    faults = [
        VerifyFault(7, path.links.index(child), "certificate signature failure", "cryptography")
        for child, _ in path.misfits
    ]
    faults += [
        VerifyFault(79, at, "invalid CA certificate", "cryptography")
        for at, link in enumerate(path.links[1:], 1)
        if not is_authority(link) and link.version is x509.Version.v3
    ]
    if not serves_tls(found[0]):
        faults.append(VerifyFault(26, 0, "unsuitable certificate purpose", "cryptography"))
    if not may_sign(found[0]):
        faults.append(VerifyFault(0, 0, NO_SIGNING, "cryptography"))
    facts["path-certificates"] = ",".join(describe(c).sha256 for c in path.links)
    facts["path"] = " ← ".join(describe(c).subject or "(no name)" for c in path.links)
    if path.anchor is not None:
        facts["anchor"] = describe(path.anchor).subject
        if path.anchor in asking.trust.private:
            facts["anchor-private"] = "yes"
    elif unreadable:
        facts.update({"ends-at": describe(path.top).issuer, "missing": "unreadable"})
    else:
        facts.update(
            await completing.look_further(
                path, asking.trust, asking.known, asking.timeout, offline=asking.offline, private=asking.private
            )
        )
    return facts, path, faults


def openssl_faults(path: Path) -> list[VerifyFault]:
    """The violation of RFC 5280 (path length, name constraints…) that OpenSSL finds in a path: one fault or none.

    This is for a path that was not seen in a handshake. The end of the path counts as trusted, and the time of the
    check is chosen to suit the certificates, because trust and dates are judged elsewhere."""
    store = crypto.X509Store()
    top = path.anchor or path.top
    store.add_cert(crypto.X509.from_cryptography(top))
    store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)
    links = [c for c in path.links if c != top] or [path.links[0]]
    store.set_time(max(c.not_valid_before_utc for c in (*links, top)) + timedelta(seconds=1))
    try:
        context = crypto.X509StoreContext(
            store,
            crypto.X509.from_cryptography(links[0]),
            [crypto.X509.from_cryptography(c) for c in links[1:]],
        )
        context.verify_certificate()
    except crypto.X509StoreContextError as error:
        code, depth = int(error.errors[0]), int(error.errors[1])
        if code in RULES:
            return [VerifyFault(code, depth, words(code))]
    return []


def examined_faults(path: Path) -> list[VerifyFault]:
    """Like `openssl_faults`, but empty if OpenSSL cannot read the chain at all."""
    nothing: list[VerifyFault] = []
    return quiet(lambda: openssl_faults(path), nothing)
