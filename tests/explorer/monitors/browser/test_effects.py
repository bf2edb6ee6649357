"""A record of a token becomes an effect with its server; an error status refuses."""

from __future__ import annotations

import pytest

from explorer.monitors.browser.monitor import BrowserMonitor
from flows.effects import Effect, EffectKind
from flows.record import Record


@pytest.mark.parametrize(
    ("kind", "status", "effect"),
    [
        ("sent", 0, EffectKind.SENT),
        ("answered", 201, EffectKind.TAKEN),
        ("answered", 302, EffectKind.TAKEN),
        ("answered", 307, EffectKind.SENT),
        ("answered", 422, EffectKind.REFUSED),
        ("refused", 200, EffectKind.REFUSED),
        ("lost", 0, EffectKind.LOST),
        ("returned", 0, EffectKind.RETURNED),
        ("kept", 0, EffectKind.KEPT),
    ],
)
def test_a_record_of_a_token_is_an_effect(kind: str, status: int, effect: EffectKind) -> None:
    url = "https://desk.test:8443/new"
    data = {
        "request": "9.1",
        "tokens": ["TWKRZLQP"],
        "url": url,
        "method": "POST",
        "status": status,
    }
    (found,) = BrowserMonitor("s").feed(Record(5.0, "tokens", kind, data))
    assert found == Effect(5.0, "s", effect, ("TWKRZLQP",), "s:9.1", "desk.test", 8443, url, "POST", status)
