"""Finds out why a chain does not reach a trusted root: an intermediate is missing, or its authority is not trusted.

The fact `missing` says what was found out, and so whether the cause is `incomplete-chain` or `untrusted-ca`. These are
its values, from the most to the least conclusive:

1. `completed`: the missing issuer was found, and completes the chain to a trusted root. Proves `incomplete-chain`.
2. `elsewhere`: the missing issuer was found, but the chain still reaches no trusted root. Proves `untrusted-ca`.
3. `kin`: the missing issuer was not found, but a trusted private root has nearly the same name («Desk Issuing CA» and
   «Desk Root CA»). `incomplete-chain` is very likely.
4. `served-issuer`: the server sends an intermediate, but not the issuer of that intermediate, which is unknown.
   `untrusted-ca` is likely: a server with an incomplete chain usually sends the leaf only.
5. `root-by-name`: the server sends the leaf only, and its issuer has «root» in its name. `untrusted-ca` is likely:
   servers need not send roots, and rightly leave them out.
6. `alone`: the server sends the leaf only, and nothing is known about its issuer. Both causes are possible;
   `incomplete-chain` is more common.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from explorer.tls.chain import Path, build_path, describe, issuer_urls, load, named_issuer, quiet, signed_by
from explorer.tls.fetch import fetch
from explorer.tls.trust import TrustStore, read_certificates
from flows.probe_facts import ProbeFacts

MAX_STEPS = 4
"""At most this many issuers are looked for to complete one chain. The limit also ends a loop of AIA URLs."""

MAX_ISSUER = 1 << 17
"""Largest issuer certificate that is fetched, in bytes."""

_COMMON = frozenset(
    {
        "ca",
        "root",
        "issuing",
        "intermediate",
        "authority",
        "certificate",
        "certification",
        "the",
        "of",
        "and",
        "tls",
        "ssl",
        "server",
        "global",
        "trust",
        "trusted",
        "secure",
        "services",
        "test",
        "inc",
        "ltd",
    }
)


def _words(name: x509.Name) -> set[str]:
    nothing: list[str] = []
    values = quiet(lambda: [str(a.value) for a in name], nothing)
    found = {word for value in values for word in re.findall(r"[^\W\d_]{3,}", value.lower())}
    return found - _COMMON


def kin(issuer: x509.Name, roots: Iterable[x509.Certificate]) -> x509.Certificate | None:
    """The private root whose name has the same words as the issuer's name, or None.

    Common words such as «CA» and «Root» do not count.

    Not meant for public roots: there are so many that one could match by chance."""
    wanted = _words(issuer)
    return next((r for r in roots if wanted and wanted == _words(r.subject)), None)


async def look_further(
    path: Path,
    trust: TrustStore,
    known: Sequence[x509.Certificate],
    timeout: float,
    *,
    offline: bool,
    private: bool,
) -> ProbeFacts:
    """The facts about a path that reaches no trusted root; the module's docstring explains them.

    Without `private`, no issuer is fetched from a private address."""
    top = path.top
    facts: ProbeFacts = {"ends-at": describe(top).issuer}
    if path.top_is_own_issuer:
        return {**facts, "top": "self-signed"}
    left_alone: list[str] = []
    told = left_alone.append
    extra, source = await _find(path, trust.roots, known, timeout, offline=offline, private=private, told=told)
    if left_alone and not extra:
        facts["issuer-not-asked"] = " ".join(dict.fromkeys(left_alone))
    if extra:
        whole = build_path(path.links[0], [*path.links[1:], *extra], trust.roots)
        facts["missing-pem"] = "".join(c.public_bytes(Encoding.PEM).decode() for c in extra)
        facts["missing-from"] = source
        facts["missing"] = "completed" if whole.anchor is not None else "elsewhere"
        if whole.anchor is not None:
            facts["completed-to"] = describe(whole.anchor).subject
            if whole.anchor in trust.private:
                facts["completed-private"] = "yes"
        return facts
    issuer = quiet(lambda: top.issuer, x509.Name([]))
    if kin(issuer, trust.private) is not None:
        return {**facts, "missing": "kin"}
    if len(path.links) > 1:
        return {**facts, "missing": "served-issuer"}
    return {**facts, "missing": "root-by-name" if re.search(r"\broot\b", facts["ends-at"], re.IGNORECASE) else "alone"}


async def _find(
    path: Path,
    roots: Sequence[x509.Certificate],
    known: Sequence[x509.Certificate],
    timeout: float,
    *,
    offline: bool,
    private: bool,
    told: Callable[[str], None],
) -> tuple[list[x509.Certificate], str]:
    """The missing issuers, nearest first, and where they were found: among `known`, or at a URL.

    If an address was deliberately not contacted, `told` is called with a sentence that says so."""
    extra: list[x509.Certificate] = []
    sources: list[str] = []
    child = path.top
    for _ in range(MAX_STEPS):
        if any(named_issuer(child, root) for root in roots) or named_issuer(child, child):
            break
        parent = next((k for k in known if named_issuer(child, k) and signed_by(child, k)), None)
        source = "another host of this run"
        if parent is None and not offline:
            parent, source = await _fetched(child, timeout, private=private, told=told)
        if parent is None or parent in extra or parent in path.links:
            break
        extra.append(parent)
        sources.append(source)
        child = parent
    return extra, ", ".join(dict.fromkeys(sources))


async def _fetched(
    child: x509.Certificate, timeout: float, *, private: bool, told: Callable[[str], None]
) -> tuple[x509.Certificate | None, str]:
    """The issuer of `child`, fetched from the AIA URL in `child` (RFC 5280 section 4.2.2.1), and that URL.

    The file may be DER, PEM or PKCS#7. If no issuer is found, the result is None and an empty string. If an address was
    deliberately not contacted, `told` is called with a sentence that says so."""
    for url in issuer_urls(child)[:2]:
        data = await fetch(url, timeout, limit=MAX_ISSUER, private=private, told=told)
        for candidate in _parsed(data or b""):
            if named_issuer(child, candidate) and signed_by(child, candidate) is not False:
                return candidate, url
    return None, ""


def _parsed(data: bytes) -> list[x509.Certificate]:
    one = load(data)
    if one is not None:
        return [one]
    nothing: list[x509.Certificate] = []
    return (
        quiet(lambda: read_certificates(data), nothing)
        or quiet(lambda: pkcs7.load_der_pkcs7_certificates(data), nothing)[:8]
    )
