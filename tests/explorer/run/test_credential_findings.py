"""What a report says of a login that was asked for, or would have gone, where it does not belong."""

from __future__ import annotations

import pytest

from explorer.run.credential_findings import credential_findings, leak_told, without_repeats
from explorer.surfaces.surface import CREDENTIALS
from flows.incident import Severity
from flows.record import Record


def record(kind: str, **data: object) -> Record:
    return Record(1.0, CREDENTIALS, kind, {"to": "https://evil.net:8443", "at": "https://desk.com", **data})


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("stopped", {"how": "form"}, "The login form at https://desk.com posts to https://evil.net:8443"),
        ("stopped", {"how": "form", "typed": False}, "nothing was typed into it"),
        ("stopped", {"how": "redirect"}, "redirects the login of https://desk.com to https://evil.net:8443"),
        ("stopped", {"how": "script", "what": "the password"}, "A script at https://desk.com sends the password"),
        ("leaked", {"how": "socket", "what": "the password"}, "it could not be stopped any more"),
        ("stopped", {"how": "new"}, "--login-at https://evil.net:8443"),
    ],
)
def test_each_way_is_told_in_a_sentence(kind: str, data: dict[str, object], words: str) -> None:
    assert words in leak_told(record(kind, **data))


def test_what_was_stopped_is_critical_and_what_was_only_asked_is_not() -> None:
    told = [record("asked"), record("stopped", how="form"), record("stopped", how="form"), record("leaked", how="x")]
    found = credential_findings("s", told)
    assert [(f.severity, f.kind) for f in found] == [
        (Severity.MEDIUM, "login-at-foreign-site"),
        (Severity.CRITICAL, "credential-leak-stopped"),
        (Severity.CRITICAL, "credential-leak"),
    ]
    assert {(f.host, f.port, f.session) for f in found} == {("evil.net", 8443, "s")}


def test_what_all_personas_met_is_told_once() -> None:
    twice = [*credential_findings("a", [record("asked")]), *credential_findings("b", [record("asked")])]
    assert [f.session for f in without_repeats(twice)] == ["a"]


def test_a_place_without_an_origin_has_no_host() -> None:
    (found,) = credential_findings("s", [record("asked", to="com.android.chrome")])
    assert (found.host, found.port) == ("", 0) and "com.android.chrome" in found.text
