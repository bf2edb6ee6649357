"""What the rules keep of a stranger's values, and that everything they do not know is left out."""

from __future__ import annotations

from typing import Any

import pytest

from explorer.evidence import harmless
from explorer.evidence.clean import GONE
from explorer.evidence.harmless_har import har_rules
from explorer.evidence.harmless_net_log import net_log_rules

PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    ("rule", "harmless_value", "other"),
    [
        (harmless.number, 12.5, "12.5"),
        (harmless.moment, "2026-11-30T10:00:00Z", "yesterday, hunter2"),
        (harmless.ip_address, "[2001:db8::1]:443", "10.0.0.1@hunter2"),
        (harmless.certificate, PEM, f"{PEM}-----BEGIN PRIVATE KEY-----\nhunter2"),
        (harmless.word("[A-Z]{1,4}"), "GET", "GET hunter2"),
        (harmless.each(harmless.number), [1, 2], {"a": "hunter2"}),
    ],
)
def test_a_rule_keeps_what_it_knows_and_nothing_else(rule: harmless.Rule, harmless_value: Any, other: Any) -> None:
    assert rule(harmless_value) == harmless_value
    assert rule(other) == GONE
    assert rule(None) is None


def test_a_media_type_loses_its_parameters() -> None:
    assert harmless.mime_type("multipart/form-data; boundary=hunter2") == "multipart/form-data"


def test_of_headers_only_those_without_secrets_keep_their_values() -> None:
    lines = harmless.header_lines(["HTTP/1.1 302 hunter2", "x-api-key:hunter2", "Server: nginx\r\nX-Foo: hunter2"])
    assert lines == ["HTTP/1.1 302", f"x-api-key: {GONE}", "Server: nginx", f"X-Foo: {GONE}"]


def test_a_member_without_a_rule_is_left_out_of_an_entry() -> None:
    kept = har_rules()["entries"](
        {"time": 1, "_user": {"token": "hunter2"}, "request": {"method": "GET", "secret": "hunter2"}}
    )
    assert kept == {"time": 1, "request": {"method": "GET"}}


def test_a_text_of_an_event_that_nobody_reads_is_masked() -> None:
    given = {
        "type": 1,
        "source": {"id": 7, "type": 1},
        "phase": 0,
        "time": "5",
        "params": {"challenge": "Negotiate hunter2", "net_error": -201},
    }
    kept = net_log_rules()["events"](given)
    assert kept == {**given, "params": {"challenge": GONE, "net_error": -201}}
