from __future__ import annotations

from datetime import UTC, datetime

import pytest

from explorer.monitors.logs.finding import LogFinding, redact
from explorer.monitors.logs.hosts import LoggedHost, from_url, place_of
from explorer.monitors.logs.join import Joiner
from explorer.monitors.logs.line import LineParser
from explorer.monitors.logs.match import PackageBook, decide
from explorer.monitors.logs.merge import Merger
from explorer.monitors.logs.signatures import make_book
from explorer.monitors.logs.time import java_date, shown
from flows.diagnosis import Cause


@pytest.mark.parametrize(
    ("stamp", "told"),
    [
        ("2026-11-23 10:00:00.123+0100", "2026-11-23T09:00:00.123Z"),
        ("1700000000.500", "2023-11-14T22:13:20.500Z"),
        ("2026-11-23 10:00:00.123", "2026-11-23T10:00:00.123"),
        ("11-23 10:00:00.123", "11-23 10:00:00.123"),
    ],
)
def test_a_time_says_no_more_than_the_log_does(stamp: str, told: str) -> None:
    assert shown(stamp) == told


def test_javas_dates_are_read_and_nonsense_is_not() -> None:
    assert java_date("Sat Mar 01 00:00:00 GMT 2025") == datetime(2025, 3, 1, tzinfo=UTC)
    assert java_date("Sat Foo 99 00:00:00 GMT 2025") is None


@pytest.mark.parametrize("url", ["https://", "https://[::1", "https://a.example.org:99999/", "https://*.example.org/"])
def test_a_broken_url_names_no_host(url: str) -> None:
    assert from_url(url) == LoggedHost()


def test_a_package_or_file_name_is_no_host() -> None:
    assert place_of("peer java.lang.exception at host: handshake.cc") == LoggedHost()


def test_lines_missing_in_between_end_a_record() -> None:
    joiner, parser = Joiner(), LineParser()
    assert list(joiner.feed(parser.parse(1, "W/System.err( 1): java.lang.Error: x"))) == []
    (record,) = joiner.gap()
    assert (record.last_line, list(joiner.gap())) == (1, [])


def test_the_most_telling_signature_decides() -> None:
    match = decide(
        make_book(), "javax.net.ssl.SSLHandshakeException: Handshake failed Caused by: CertificateRevokedException"
    )
    assert match is not None
    assert match.signature.causes == (Cause.REVOKED,)


def test_a_process_is_known_from_its_start() -> None:
    book = PackageBook()
    book.learn(LineParser().parse(1, "I/ActivityManager( 9): Start proc org.example.app for service x: pid=77 uid=1"))
    assert book.names == {"77": "org.example.app"}


def test_a_finding_waits_until_nothing_can_belong_to_it() -> None:
    merger = Merger()
    finding = LogFinding(5, 6, "", "", "", "", "x", (Cause.EXPIRED,), "", 0, "", "")
    merger.add(finding)
    assert list(merger.ready(10)) == []
    assert list(merger.ready(30)) == [finding]


@pytest.mark.parametrize(
    "text",
    [
        "Cookie: lang=en; session=hush-hush",
        "client_secret=hush-hush&x=1",
        "user_password: hush-hush",
        '{"password":"my hush-hush pass"}',
        "refresh-token='hush-hush now'",
        '{"cookie": "sid=hush-hush; b=2"}',
        "{'Cookie': 'sid=hush-hush'}",
        'Cookie: theme="dark"; sid=hush-hush',
        '{"authorization": "Basic hush-hush"}',
        r"{\"password\":\"hush-hush\"}",
        r'{"password": "ab\"hush-hush"}',
        "userPassword=hush-hush",
    ],
)
def test_a_secret_is_taken_out_whole_wherever_it_stands(text: str) -> None:
    told = redact(text)
    assert "hush" not in told and "pass}" not in told and " pass" not in told


def test_redaction_keeps_what_is_no_secret() -> None:
    assert redact("https://a.example.org/x?id=7&token=abc failed") == "https://a.example.org/x?id=…&token=… failed"


def test_a_record_goes_on_past_midnight() -> None:
    joiner, parser = Joiner(), LineParser()
    log = (
        "12-31 23:59:59.900  812  830 W System.err: javax.net.ssl.SSLException: a",
        "01-01 00:00:00.100  812  830 W System.err: \tat com.desk.Chat.open(Chat.kt:3)",
    )
    records = [r for n, line in enumerate(log, 1) for r in joiner.feed(parser.parse(n, line))]
    (record,) = [*records, *joiner.gap()]
    assert len(record.lines) == 2
