"""HAR files as browsers and proxies write them: where each puts a failure, and what is never kept."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from explorer.evidence.har import Har, read_har
from explorer.evidence.wording import meaning
from flows.diagnosis import Cause
from flows.signals import Family
from readers.json_stream import NotJson
from tests.explorer.evidence.hars import SITE, Entry, entry, har, page

TICKETS = "https://tickets.shop.example/v1/tickets"


def read(data: bytes, block: int = 1 << 16) -> Har:
    return read_har(data[at : at + block] for at in range(0, len(data), block))


FLAVOURS: dict[str, tuple[str, Entry, Family, Cause | None]] = {
    "Chromium": (
        "WebInspector",
        entry(TICKETS, 0, response={"_error": "net::ERR_CERT_DATE_INVALID", "_transferSize": 0}, _resourceType="fetch"),
        Family.TLS,
        Cause.EXPIRED,
    ),
    "Playwright": (
        "Playwright",
        entry(TICKETS, -1, response={"_failureText": "net::ERR_CERT_COMMON_NAME_INVALID"}, _resourceType="fetch"),
        Family.TLS,
        Cause.HOSTNAME_MISMATCH,
    ),
    "Playwright's WebSocket": (
        "Playwright",
        entry(
            "wss://chat.shop.example/live",
            -1,
            took=-1,
            response={"_failureText": "Error in connection establishment: net::ERR_CERT_REVOKED"},
        ),
        Family.TLS,
        Cause.REVOKED,
    ),
    "Playwright with Firefox": (
        "Playwright",
        entry(TICKETS, -1, response={"_failureText": "SEC_ERROR_UNKNOWN_ISSUER"}),
        Family.TLS,
        Cause.UNTRUSTED_CA,
    ),
    "Firefox": ("Firefox", entry(TICKETS, 0, _securityState="broken"), Family.TLS, Cause.UNKNOWN_TLS),
    "Safari": (
        "WebKit Web Inspector",
        entry(
            TICKETS,
            0,
            response={"_error": "A TLS error caused the secure connection to fail. (NSURLErrorDomain:-1200)"},
        ),
        Family.TLS,
        Cause.UNKNOWN_TLS,
    ),
    "Safari's expired certificate": (
        "WebKit Web Inspector",
        entry(TICKETS, 0, response={"_error": "The operation could not be completed. (NSURLErrorDomain error -1201.)"}),
        Family.TLS,
        Cause.EXPIRED,
    ),
    "Charles": (
        "Charles Proxy",
        entry(
            TICKETS, 0, comment="PKIX path building failed: unable to find valid certification path to requested target"
        ),
        Family.TLS,
        Cause.UNTRUSTED_CA,
    ),
    "a refused connection": (
        "WebInspector",
        entry(TICKETS, 0, response={"_error": "net::ERR_CONNECTION_REFUSED"}),
        Family.NETWORK,
        None,
    ),
}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_failure_is_found_where_each_program_puts_it(flavour: str) -> None:
    creator, failed, family, cause = FLAVOURS[flavour]
    [_, seen] = read(har([page(), failed], creator)).kept.requests
    assert seen.failed
    told = meaning(seen.error)
    assert told.family is family
    assert cause is None or told.causes[0] is cause


def test_a_request_that_the_page_gave_up_is_no_failure() -> None:
    aborted = entry(TICKETS, 0, response={"_error": "net::ERR_ABORTED"})
    silent = entry(TICKETS, 0)
    for seen in read(har([aborted, silent])).kept.requests:
        assert seen.canceled
        assert meaning(seen.error).family is None


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"_resourceType": "xhr"}, "XHR"),
        ({"headers": [{"name": "Sec-Fetch-Dest", "value": "script"}]}, "Script"),
        ({"headers": [{"name": "X-Requested-With", "value": "XMLHttpRequest"}]}, "XHR"),
        ({"headers": [{"name": "Accept", "value": "text/html,application/xhtml+xml"}]}, "Document"),
        ({"response": {"content": {"mimeType": "application/json"}}}, "Fetch"),
        ({}, "Other"),
    ],
)
def test_the_type_of_a_request_is_told_by_whatever_says_it(given: Any, kind: str) -> None:
    [seen] = read(har([entry(TICKETS, **given)])).kept.requests
    assert seen.kind == kind


def test_a_frame_is_no_page() -> None:
    framed = entry("https://chat.shop.example/w", _resourceType="document", _initiator={"type": "parser"})
    by_playwright = [page(_frameref="frame@1"), page("https://chat.shop.example/w", _frameref="frame@2")]
    assert [s.main for s in read(har([page(), framed])).kept.requests] == [True, False]
    assert [s.main for s in read(har(by_playwright)).kept.requests] == [True, False]


SECRET = "hunter2SECRET"
MAIL = "mia.lindqvist@shop.example"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9"
PLANTED = entry(
    f"https://mia:{SECRET}@tickets.shop.example/reset/{TOKEN}/{MAIL}?token={SECRET}&mail={MAIL}#{SECRET}",
    0,
    method="POST",
    headers=[
        {"name": "Authorization", "value": f"Bearer {TOKEN}"},
        {"name": "Cookie", "value": f"session={SECRET}"},
        {"name": "Referer", "value": f"{SITE}/?q={SECRET}"},
    ],
    request={
        "cookies": [{"name": "session", "value": SECRET}],
        "queryString": [{"name": "token", "value": SECRET}],
        "postData": {
            "mimeType": "application/json",
            "text": json.dumps({"email": MAIL, "password": SECRET, MAIL: 1, TOKEN: 2}),
        },
    },
    response={
        "_error": f"net::ERR_CERT_DATE_INVALID https://x.example/?t={SECRET} password={SECRET} {MAIL}",
        "content": {"text": SECRET, "mimeType": "text/plain"},
        "cookies": [{"name": "session", "value": SECRET}],
        "redirectURL": f"{SITE}/?t={SECRET}",
    },
    _initiator={"type": "script", "url": f"{SITE}/app.js?k={SECRET}"},
)


def test_secrets_of_every_place_are_dropped_as_the_file_is_read() -> None:
    read_in = read(har([PLANTED], titles=[f"{SITE}/inbox/{MAIL}?t={SECRET}"], comment=SECRET))
    told = repr([asdict(seen) for seen in read_in.kept.requests]) + repr(read_in.titles)
    assert "tickets.shop.example" in told
    assert "'password'" in told  # the name of a field says what a form is for
    for secret in (SECRET, MAIL, "lindqvist", TOKEN, TOKEN[:20]):
        assert secret not in told


def test_a_file_that_is_cut_off_anywhere_is_read_up_to_there_or_refused_in_a_sentence() -> None:
    data = har([page(), PLANTED, entry(TICKETS, 201, method="POST")])
    for end in range(0, len(data) - 1, 7):
        try:
            found = read(data[:end])
        except NotJson as error:
            assert str(error).startswith("is ")  # noqa: PT017 - either outcome is right
        else:
            assert found.cut_off
            assert len(found.kept.requests) <= 3


def test_a_request_of_no_real_time_is_passed_over() -> None:
    found = read(har([entry(TICKETS, 200, startedDateTime="0001-01-01T00:00:00+14:00"), entry(TICKETS, 200)]))
    assert len(found.kept.requests) == 1


@pytest.mark.parametrize("value", [None, [], {}, "x", -1, 1e400, True])
def test_values_of_wrong_types_are_survived(value: Any) -> None:
    good = entry(TICKETS, 0, response={"_error": "net::ERR_FAILED"})
    for key in (*good, "_initiator", "_securityState", "comment"):
        read(har([{**good, key: value}]))
    for part in ("request", "response"):
        for key in (*good[part], "postData", "_error"):
            read(har([{**good, part: {**good[part], key: value}}]))
    assert read(har([value])).unread == (0 if isinstance(value, dict) and value else 1)


def test_a_large_body_is_passed_over() -> None:
    big = entry(TICKETS, response={"content": {"text": "x" * (3 << 20), "mimeType": "text/plain"}})
    found = read(har([big, page()]))
    assert [s.url for s in found.kept.requests] == [TICKETS, f"{SITE}/"]
