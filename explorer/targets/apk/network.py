"""Reads an app's network security configuration (developer.android.com: «Network security configuration»)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from explorer.targets.apk.axml import Node

CLEARTEXT_OFF_SINCE, USER_CAS_OFF_SINCE = 28, 24
"""From these target SDK versions on, Android by default forbids cleartext traffic, and does not trust user CAs."""


@dataclass(frozen=True, slots=True)
class PinSet:
    """The pins of one domain-config.

    From the day `expires` on, Android ignores the pins. If `expires` is None, they never expire."""

    domains: tuple[str, ...]
    digests: tuple[str, ...]
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class NetworkPolicy:
    """The network security policy of an app.

    `declared` is True if the app has its own configuration, and False if the defaults of its target SDK apply.
    `cleartext` and `user_cas` say whether the app allows HTTP, and trusts CAs that users installed. If it does not,
    `cleartext_domains` and `user_ca_domains` are the domains with an exception. `anchors` are the app's own roots.
    `debug_user_cas` applies only in a debuggable build."""

    declared: bool
    cleartext: bool
    user_cas: bool
    cleartext_domains: tuple[str, ...] = ()
    user_ca_domains: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    pins: tuple[PinSet, ...] = ()
    overrides_pins: bool = False
    debug_overrides: bool = False
    debug_user_cas: bool = False


def defaults(target_sdk: int, uses_cleartext: bool | None) -> NetworkPolicy:
    """The policy of an app without its own configuration. `uses_cleartext` is usesCleartextTraffic of the manifest."""
    cleartext = target_sdk < CLEARTEXT_OFF_SINCE if uses_cleartext is None else uses_cleartext
    return NetworkPolicy(False, cleartext, target_sdk < USER_CAS_OFF_SINCE)


def read_policy(root: Node, target_sdk: int) -> NetworkPolicy:
    """The policy in a `network-security-config`. It overrides the manifest's attribute usesCleartextTraffic."""
    base = next(root.all("base-config"), Node(""))
    fallback = defaults(target_sdk, None)
    cleartext = _flag(base, "cleartextTrafficPermitted", fallback.cleartext)
    certificates = _sources(base)
    user_cas = "user" in certificates if certificates else fallback.user_cas
    debug = next(root.all("debug-overrides"), None)
    tops = list(root.all("domain-config"))
    configs = [config for top in tops for config in _nested(top)]
    open_ = (c for top in tops for c, is_open in _inherited(top, cleartext, _cleartext) if is_open and not cleartext)
    trusting = (c for top in tops for c, trusts in _inherited(top, user_cas, _user_cas) if trusts and not user_cas)
    return NetworkPolicy(
        declared=True,
        cleartext=cleartext,
        user_cas=user_cas,
        cleartext_domains=_domains(open_),
        user_ca_domains=_domains(trusting),
        anchors=tuple(sorted({s for c in [base, *configs] for s in _sources(c)} - {"system", "user"})),
        pins=tuple(pins for config in configs for pins in _pins(config)),
        overrides_pins=any(_flag(c, "overridePins", False) for top in [base, *configs] for c in _certificates(top)),
        debug_overrides=debug is not None,
        debug_user_cas=debug is not None and "user" in _sources(debug),
    )


def _cleartext(config: Node, outer: bool) -> bool:
    return _flag(config, "cleartextTrafficPermitted", outer)


def _user_cas(config: Node, outer: bool) -> bool:
    sources = _sources(config)
    return "user" in sources if sources else outer


def _inherited(config: Node, outer: bool, read: Callable[[Node, bool], bool]) -> Iterator[tuple[Node, bool]]:
    """Yields `config` and each `domain-config` in it, each with the value of one setting.

    `read` takes an element and the value around it, and returns the element's own value. So a `domain-config` without
    the setting inherits it. `outer` is the value around `config`."""
    value = read(config, outer)
    yield config, value
    for inner in config.all("domain-config"):
        yield from _inherited(inner, value, read)


def _nested(config: Node) -> Iterator[Node]:
    yield config
    for inner in config.all("domain-config"):
        yield from _nested(inner)


def _certificates(config: Node) -> Iterator[Node]:
    return config.all("trust-anchors", "certificates")


def _sources(config: Node) -> list[str]:
    return [value.plain() for node in _certificates(config) if (value := node.get("src")) is not None]


def _flag(node: Node, name: str, default: bool) -> bool:
    value = node.get(name)
    return default if value is None else value.plain().lower() == "true"


def _domains(configs: Iterator[Node]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for config in configs for name in _names(config)))


def _names(config: Node) -> list[str]:
    """The domains of a `domain-config`: `example.test`, or `*.example.test` if subdomains are included."""
    return [
        ("*." if _flag(node, "includeSubdomains", False) else "") + node.text.strip().lower()
        for node in config.all("domain")
        if node.text.strip()
    ]


def _pins(config: Node) -> Iterator[PinSet]:
    for pin_set in config.all("pin-set"):
        expiration = pin_set.get("expiration")
        yield PinSet(
            tuple(_names(config)),
            tuple(node.text.strip() for node in pin_set.all("pin")),
            _day(expiration.plain()) if expiration is not None else None,
        )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
