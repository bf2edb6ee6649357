"""Decides which ambiguous failures are TLS failures, by the probe's diagnosis. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flows.diagnosis import Cause, Diagnosis, causes_with
from flows.session import Endpoint, SessionLog, succeeded_after
from flows.signals import Exchange, Family, Signal

Diagnoses = Mapping[Endpoint, Diagnosis]

_AMBIGUOUS = causes_with(lambda facts: facts.ambiguous)
"""Causes whose client errors can also have other reasons, so the probe decides."""


def settle_ambiguous(log: SessionLog, diagnoses: Diagnoses) -> SessionLog:
    """Turn ambiguous signals (reset, closed, hung, an HTTP error) into TLS signals if the probe proves a TLS cause.

    Some requests fail without an error: a handshake that hangs, a WebSocket to a server that requires a client
    certificate, which Chromium reports as canceled, and a connection that an app leaves unused. Such a request gets a
    signal if the probe proves why it failed.
    """
    signals = [_promote(s, diagnoses) for s in log.signals]
    told = {s.request for s in signals if s.request}
    for exchange in log.exchanges:
        diagnosis = diagnoses.get((exchange.host, exchange.port))
        if exchange.id in told or diagnosis is None:
            continue
        cause = next((c for c in diagnosis.causes if c in _SILENT.get(exchange.outcome, ())), None)
        if cause is None:
            continue
        if not succeeded_after(log, (exchange.host, exchange.port), 0):
            signals.append(_silent(log, exchange, cause))
    return replace(log, signals=tuple(signals))


_SILENT = {
    "pending": frozenset({Cause.HANDSHAKE_TIMEOUT}),
    "aborted": frozenset({Cause.CLIENT_CERTIFICATE_REQUIRED}),
    "left-unasked": causes_with(lambda facts: facts.passable),
}
"""Outcome of a request without an error message → the causes of which the probe must prove one to make it a TLS failure.

A connection that is left unasked after its handshake was refused for its certificate, if for anything of TLS: OkHttp
compares the name only then, and some clients check all of it then."""


def _silent(log: SessionLog, exchange: Exchange, cause: Cause) -> Signal:
    error = {"pending": "no answer", "aborted": "canceled by the browser"}.get(exchange.outcome, exchange.outcome)
    return Signal(
        id=f"silent-{exchange.id}",
        time=exchange.finished or exchange.started,
        session=log.session,
        family=Family.TLS,
        signature=cause.value,
        error=error,
        causes=(cause,),
        host=exchange.host,
        port=exchange.port,
        url=exchange.url,
        place=exchange.place,
        request=exchange.id,
        frame=exchange.frame,
        document=exchange.document,
        text="the request failed without an error message",
        background=exchange.background,
    )


def _promote(signal: Signal, diagnoses: Diagnoses) -> Signal:
    diagnosis = diagnoses.get((signal.host, signal.port))
    if signal.family not in (Family.NETWORK, Family.HTTP) or diagnosis is None or "DNS" in signal.error:
        return signal
    if signal.family is Family.HTTP and not _refuses_the_client(signal, diagnosis):
        return signal
    proven = tuple(c for c in diagnosis.causes if c in _AMBIGUOUS)
    if not proven or signal.signature in ("refused", "dns", "aborted", "offline"):
        return signal
    return replace(signal, family=Family.TLS, causes=proven)


def _refuses_the_client(signal: Signal, diagnosis: Diagnosis) -> bool:
    """Whether an HTTP error may report a missing client certificate. Server errors (5xx) never do."""
    return diagnosis.causes[:1] == (Cause.CLIENT_CERTIFICATE_REQUIRED,) and not signal.signature.startswith("http-5")
