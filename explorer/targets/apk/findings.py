"""Findings from the package alone: weak certificate checks, allowed HTTP, and pins that will break the app."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from explorer.targets.apk.code import Weakness
from explorer.targets.apk.package import App
from flows.incident import Finding, Severity

KIND = "weakens-trust"
PIN_NOTICE_DAYS = 60
"""Pins that expire within this many days are a finding, because a new version takes weeks to reach all users."""

_TEXTS = {
    "trust-all-manager": "accepts every server certificate: an X509TrustManager whose check is empty",
    "accept-all-verifier": "accepts every host name: a HostnameVerifier that always returns true",
    "ssl-error-ignored": "ignores certificate errors in a WebView (SslErrorHandler.proceed)",
}
_MAYBE = {
    "trust-all-manager": "is a library's trust manager that accepts everything; make sure that releases do not use it",
    "accept-all-verifier": "is a library's verifier that accepts any host name; make sure that releases do not use it",
    "ssl-error-ignored": "can ignore certificate errors in a WebView, depending on the error or the user's answer",
}


def findings(app: App, today: date) -> tuple[Finding, ...]:
    """All findings, most severe first. The expiration dates of pins are compared with `today`."""
    found = [*map(_weakness, app.weaknesses), *_network(app), *_pins(app, today)]
    order = list(Severity)
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))


def _weakness(weakness: Weakness) -> Finding:
    if weakness.certain:
        return Finding(Severity.HIGH, KIND, f"{weakness.place} {_TEXTS[weakness.kind]}.")
    return Finding(Severity.LOW, KIND, f"{weakness.place} {_MAYBE[weakness.kind]}.")


def _network(app: App) -> Iterator[Finding]:
    policy = app.network
    if policy.user_cas or policy.user_ca_domains:
        where = "" if policy.user_cas else f" for {', '.join(policy.user_ca_domains)}"
        yield Finding(
            Severity.MEDIUM,
            KIND,
            f"The app trusts certificate authorities that a user or an administrator has installed{where}.",
        )
    if policy.cleartext or policy.cleartext_domains:
        where = "" if policy.cleartext else f" to {', '.join(policy.cleartext_domains)}"
        yield Finding(Severity.MEDIUM, "cleartext-allowed", f"The app may use unencrypted HTTP{where}.")
    if policy.overrides_pins:
        yield Finding(Severity.LOW, KIND, "Some trust anchors of the app disable its pins (overridePins).")
    if app.debuggable:
        also = " and its debug-overrides change what it trusts" if policy.debug_overrides else ""
        yield Finding(Severity.MEDIUM, KIND, f"The package is a debuggable build{also}. Do not publish it.")
    elif policy.debug_overrides:
        yield Finding(
            Severity.INFO,
            KIND,
            "This release build contains debug-overrides. Android ignores them in a release build, and applies them in a debug build.",
        )


def _pins(app: App, today: date) -> Iterator[Finding]:
    for pins in app.network.pins:
        names = ", ".join(pins.domains)
        host = pins.domains[0].removeprefix("*.") if pins.domains else ""
        if len(pins.digests) == 1:
            yield Finding(
                Severity.MEDIUM,
                "single-pin",
                f"{names} has one pin and no backup pin: a new key on the server locks this version of the app out.",
                host,
            )
        if pins.expires is None:
            continue
        days = (pins.expires - today).days
        if days <= 0:
            yield Finding(
                Severity.MEDIUM,
                "pin-expired",
                f"The pins of {names} expired on {pins.expires}, so Android ignores them.",
                host,
            )
        elif days <= PIN_NOTICE_DAYS:
            yield Finding(
                Severity.LOW, "pin-expiring", f"The pins of {names} expire on {pins.expires}, in {days} days.", host
            )
