"""Messages come out of records however they are split; what is encrypted is only counted."""

from __future__ import annotations

import pytest

from explorer.evidence.capture.records import MOST_OF_MESSAGE, Records
from tests.explorer.evidence.capture.packets import CHANGE, FINISHED, alert, message, record, sealed, server_hello

HELLO, KEYS = server_hello(), message(12, bytes(range(250)) * 2)


class Heard:
    """Takes down what it hears, as a reader of records."""

    def __init__(self) -> None:
        self.told: list[object] = []
        self.records = Records(self)

    def message(self, kind: int, body: bytes, *, whole: bool) -> None:
        self.told.append((kind, len(body), whole))

    def alert(self, level: int, code: int) -> None:
        self.told.append(("alert", level, code))

    def change(self) -> None:
        self.told.append("change")
        self.records.encrypted()

    def sealed(self, kind: int, size: int) -> None:
        self.told.append(("sealed", kind, size))


ALL = record(22, HELLO + KEYS[:100]) + record(22, KEYS[100:]) + CHANGE + FINISHED + sealed(300) + alert(0)
TOLD = [
    (2, len(HELLO) - 4, True),
    (12, 500, True),
    "change",
    ("sealed", 22, 40),
    ("sealed", 23, 300),
    ("sealed", 21, 2),
]


@pytest.mark.parametrize("size", [1, 2, 5, 64, 10_000])
def test_messages_may_span_records_and_records_may_span_segments(size: int) -> None:
    heard = Heard()
    for at in range(0, len(ALL), size):
        heard.records.take(ALL[at : at + size])
    assert heard.told == TOLD
    assert heard.records.begun and not heard.records.lost


@pytest.mark.parametrize(
    "before",
    [
        b"HTTP/1.1 200 Connection established\r\n\r\n",
        b"220 mail.shop.example ESMTP\r\n250-STARTTLS\r\n250 OK\r\n220 go ahead\r\n",
        b"S",  # PostgreSQL
    ],
)
@pytest.mark.parametrize("size", [1, 10_000])
def test_tls_may_begin_behind_text(before: bytes, size: int) -> None:
    heard = Heard()
    data = before + alert(70)
    for at in range(0, len(data), size):
        heard.records.take(data[at : at + size])
    assert heard.told == [("alert", 2, 70)]
    assert heard.records.before == before


def test_what_is_not_tls_is_kept_in_part() -> None:
    heard = Heard()
    heard.records.take(b"SSH-2.0-OpenSSH_9.2p1\r\n")
    heard.records.take(b"x" * 10_000)
    assert heard.records.before.startswith(b"SSH-2.0") and len(heard.records.before) <= 4096
    assert not heard.records.begun and heard.records.lost and heard.told == []


def test_a_hole_damages_one_record_only() -> None:
    heard = Heard()
    heard.records.take(record(22, KEYS)[:50])
    heard.records.pass_over(len(record(22, KEYS)) - 50)
    heard.records.take(alert(42))
    assert heard.told == [(12, 500, False), ("alert", 2, 42)]


def test_a_hole_over_the_end_of_a_record_ends_the_reading() -> None:
    heard = Heard()
    heard.records.take(record(22, KEYS)[:50])
    heard.records.pass_over(len(KEYS))
    heard.records.take(alert(42))
    assert heard.records.lost and heard.told == []


def test_a_message_that_ends_with_the_capture_is_told_as_far_as_it_came() -> None:
    heard = Heard()
    heard.records.take(record(22, KEYS)[:50])
    heard.records.partial()
    assert heard.told == [(12, 41, False)]


def test_a_message_that_is_too_long_is_passed_over() -> None:
    heard = Heard()
    long = message(11, bytes(MOST_OF_MESSAGE + 20_000))
    for at in range(0, len(long), 16_000):
        heard.records.take(record(22, long[at : at + 16_000]))
        assert heard.records.held < MOST_OF_MESSAGE
    heard.records.take(record(22, HELLO))
    assert heard.told == [(11, 0, False), (2, len(HELLO) - 4, True)]


def test_garbage_within_tls_ends_the_reading() -> None:
    heard = Heard()
    heard.records.take(record(22, HELLO) + b"\xff" * 100)
    assert heard.told == TOLD[:1]
    assert heard.records.lost
