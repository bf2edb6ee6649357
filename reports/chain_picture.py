"""The certificate chain as cards: leaf, intermediates, root, each with its dates, and the broken link. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from flows.diagnosis import Cause, Certificate, Diagnosis
from reports.text_display import count, day, listed, one_line


@dataclass(frozen=True, slots=True)
class Card:
    """One certificate in the drawing. `absent` marks a required certificate that the server did not send."""

    role: str
    name: str
    lines: tuple[str, ...]
    fault: str = ""
    absent: bool = False
    link: str = ""
    """The text on the line to the next card. A broken link begins with «✕»."""


def common_name(name: str) -> str:
    """The common name in a distinguished name, or the whole name if it has none."""
    for part in name.replace("+", ",").split(","):
        key, equals, value = part.strip().partition("=")
        if equals and key.upper() in ("CN", "2.5.4.3"):
            return value or name
    return name or "(no name)"


def draw(diagnosis: Diagnosis) -> list[Card]:
    """The cards from the leaf to the root. Empty if no chain was seen."""
    evidence = diagnosis.evidence
    if evidence is None or not evidence.chain:
        return []
    causes = set(diagnosis.causes)
    cards = []
    for depth, cert in enumerate(evidence.chain):
        above = evidence.chain[depth + 1] if depth + 1 < len(evidence.chain) else None
        cards.append(_card(diagnosis, depth, cert, above))
    last = evidence.chain[-1]
    if not last.self_issued:
        missing = Cause.INCOMPLETE_CHAIN in causes
        unknown = Cause.UNTRUSTED_CA in causes
        if missing:
            cards.append(
                Card(
                    "intermediate",
                    common_name(last.issuer),
                    ("not sent by the server",),
                    "missing",
                    absent=True,
                    link="signed by",
                )
            )
            cards.append(Card("root", "a trusted root", ("in the client's trust store",), absent=True))
        else:
            fault = f"not in {evidence.trust_store or 'the trust store'}" if unknown else ""
            cards.append(
                Card(
                    "root",
                    common_name(last.issuer),
                    () if unknown else ("in the client's trust store",),
                    fault,
                    absent=True,
                )
            )
    return cards


def _card(diagnosis: Diagnosis, depth: int, cert: Certificate, above: Certificate | None) -> Card:
    role = "leaf" if depth == 0 else "root" if cert.self_issued else "intermediate"
    lines = [f"{day(cert.not_before)} – {day(cert.not_after)}", f"{cert.key}, {cert.signature}"]
    if depth == 0:
        names = [one_line(n, 80) for n in cert.names[:4]]
        lines.insert(
            0,
            f"for {listed(names)}" + (f" and {len(cert.names) - 4} more" if len(cert.names) > 4 else "")
            if names
            else "names no host",
        )
    return Card(
        role,
        common_name(cert.subject),
        tuple(lines),
        _fault(diagnosis, depth, cert),
        link=_link(diagnosis, cert, above),
    )


def _fault(diagnosis: Diagnosis, depth: int, cert: Certificate) -> str:
    """The fault of this certificate, in a few words."""
    evidence = diagnosis.evidence
    if evidence is None:
        return ""
    causes, now = set(diagnosis.causes), evidence.observed_at
    if cert.not_after < now:
        return f"expired {count((now - cert.not_after).days, 'day')} before the run"
    if cert.not_before > now:
        return f"becomes valid {count((cert.not_before - now).days, 'day')} after the run"
    if depth == 0 and Cause.HOSTNAME_MISMATCH in causes:
        return f"not for {diagnosis.host}"
    if Cause.SELF_SIGNED in causes and depth == 0:
        return "self-signed, so no authority confirms it"
    if Cause.UNTRUSTED_CA in causes and cert.self_issued and depth:
        return f"not in {evidence.trust_store or 'the trust store'}"
    if depth == 0:
        marks = {
            Cause.REVOKED: "revoked by its authority",
            Cause.WEAK_KEY: "key is too short",
            Cause.INVALID_CERTIFICATE: "breaks the rules for TLS servers",
        }
        told = next((marks[c] for c in diagnosis.causes if c in marks), "")
        if told:
            return told
    if Cause.WEAK_SIGNATURE in causes and any(w in cert.signature.lower() for w in ("sha1", "sha-1", "md5")):
        return "signed with a broken hash"
    return ""


def _link(diagnosis: Diagnosis, cert: Certificate, above: Certificate | None) -> str:
    if cert.self_issued:
        return ""
    if above is None:
        if Cause.INCOMPLETE_CHAIN in diagnosis.causes:
            return "✕ signed by a certificate that was not sent"
        return "✕ signed by an unknown root" if Cause.UNTRUSTED_CA in diagnosis.causes else "signed by"
    return "signed by" if cert.issuer == above.subject else "✕ the next certificate did not sign this one"
