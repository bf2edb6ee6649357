"""An answer with a good status may refuse all the same."""

from __future__ import annotations

import pytest

from flows.recognise.answers import refuses


@pytest.mark.parametrize(
    "body",
    [
        '{"error": "invalid token"}',
        '{"errors": [{"message": "no such field"}], "data": null}',
        '{"ok": false}',
        '{"success": 0, "message": "too large"}',
        '{"status": "failed"}',
        '{"data": {"result": "error"}}',
        '\ufeff {"Error": {"code": 5}}',
        '[{"error": "a"}, {"error": "b"}]',
    ],
)
def test_what_says_that_it_failed_refuses(body: str) -> None:
    assert refuses(body)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<h1>Error pages explained</h1>",
        '{"id": 7, "error": null, "errors": []}',
        '{"ok": true}',
        '{"status": "open", "subject": "Everything failed"}',
        '{"state": "new", "text": "error"}',
        '[{"error": "a"}, {"id": 2}]',
        "[]",
        "{broken",
        "[" * 5000,
        '"failed"',
    ],
)
def test_what_does_not_say_so_refuses_nothing(body: str) -> None:
    assert not refuses(body)
