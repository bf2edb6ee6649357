from __future__ import annotations

import json
from typing import Any

import pytest

from explorer.request.spelling import Spellings
from explorer.surfaces.web.redact import body, entry, har, trace_line, without_secrets

SECRET = 'har"bour lamp'


def exchange(body: str = "application/json") -> dict[str, Any]:
    return {
        "request": {
            "method": "POST",
            "url": "https://a.test/login?next=%2Fhome&access_token=abc123#x",
            "cookies": [{"name": "sid", "value": "c00k1e"}],
            "queryString": [{"name": "access_token", "value": "abc123"}],
            "headers": [
                {"name": "Cookie", "value": "sid=c00k1e"},
                {"name": "Authorization", "value": "Bearer t0ken"},
                {"name": "X-Access-Token", "value": "t0ken"},
                {"name": "Sid", "value": "t0ken"},
                {"name": "Accept", "value": "*/*"},
            ],
            "postData": {
                "mimeType": "application/x-www-form-urlencoded",
                "text": "password=har%22bour+lamp",
                "params": [{"name": "password"}],
            },
        },
        "response": {
            "status": 200,
            "cookies": [{"name": "sid", "value": "c00k1e"}],
            "headers": [
                {"name": "set-cookie", "value": "sid=c00k1e"},
                {"name": "Location", "value": "https://a.test/#access_token=t0ken&x=1"},
            ],
            "content": {"mimeType": body, "text": "t0ken", "_file": "resources/body.bin"},
        },
    }


def test_no_cookie_credential_or_body_is_left_in_a_har() -> None:
    text = har({"log": {"version": "1.2", "entries": [exchange()]}}, Spellings([SECRET]))
    for gone in ("c00k1e", "t0ken", "abc123", "bour"):
        assert gone not in text
    (kept,) = json.loads(text)["log"]["entries"]
    assert kept["request"]["url"] == "https://a.test/login?next=%2Fhome&access_token=…#x"
    assert {"name": "Accept", "value": "*/*"} in kept["request"]["headers"]
    assert [h["name"] for h in kept["request"]["headers"]] == [
        "Cookie",
        "Authorization",
        "X-Access-Token",
        "Sid",
        "Accept",
    ]


@pytest.mark.parametrize(
    "name", ["ticket", "SAMLResponse", "samlart", "assertion", "credential", "magic", "ott", "login_hint", "sso_id"]
)
def test_what_logs_somebody_in_is_taken_out_of_an_address(name: str) -> None:
    said = json.dumps({"Location": f"https://a.test/in?x=1&{name}=t0ken&y=2"})
    assert json.loads(without_secrets(said, Spellings(()))) == {"Location": f"https://a.test/in?x=1&{name}=…&y=2"}


@pytest.mark.parametrize("name", ["DPoP", "X-Amzn-Oidc-Data", "X-Bearer", "X-SAML-Id"])
def test_what_logs_somebody_in_is_taken_out_of_a_header(name: str) -> None:
    request = {**exchange()["request"], "headers": [{"name": name, "value": "t0ken"}]}
    assert "t0ken" not in json.dumps(entry({**exchange(), "request": request})["request"])


def test_a_secret_goes_however_it_is_written() -> None:
    said = f"{SECRET} | {json.dumps(SECRET)} | har%22bour%20lamp | har%22bour+lamp"
    assert without_secrets(said, Spellings([SECRET, ""])) == '… | "…" | … | …'


def test_a_trace_keeps_only_the_bodies_that_paint_the_page() -> None:
    for kind, wanted in (
        ("text/css; charset=utf-8", "resources/body.bin"),
        ("image/png", "resources/body.bin"),
        ("application/json", ""),
    ):
        text, file = trace_line(
            json.dumps({"type": "resource-snapshot", "snapshot": exchange(kind)}), Spellings([SECRET])
        )
        assert (file, "c00k1e" in text, ("body.bin" in text) == bool(wanted)) == (wanted, False, True)


def test_a_trace_does_not_say_where_our_own_code_lay() -> None:
    text, _ = trace_line(
        json.dumps({"type": "before", "title": "tap Send", "stack": [{"file": "/home/me/x.py"}]}), Spellings(())
    )
    assert json.loads(text) == {"type": "before", "title": "tap Send"}


def test_a_style_sheet_or_picture_that_holds_a_secret_loses_it() -> None:
    secrets, picture = Spellings(["Tr0ub4dor-ü"]), bytes(range(256))
    assert body("p::after{content:'Tr0ub4dor-ü'}".encode(), secrets) == "p::after{content:'…'}".encode()
    assert body("<text>Tr0ub4dor-ü</text>".encode("latin-1"), secrets) == b"<text>?</text>"
    assert b"T" not in body("Tr0ub4dor-ü".encode("utf-16"), secrets)
    assert body(picture, secrets) == picture
