from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.targets.resolve import parse_addresses, parse_resolve, plain_host


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("chat.desk.test:443:127.0.0.1", (("chat.desk.test", 443), "127.0.0.1")),
        ("Chat.Desk.Test.:8443:127.0.0.1", (("chat.desk.test", 8443), "127.0.0.1")),
        ("chat.desk.test:443:[::1]", (("chat.desk.test", 443), "::1")),
        ("chat.desk.test:443:::1", (("chat.desk.test", 443), "::1")),
        ("+chat.desk.test:443:127.0.0.1,127.0.0.2", (("chat.desk.test", 443), "127.0.0.1")),
        ("*:443:127.0.0.1", (("*", 443), "127.0.0.1")),
        ("bücher.test:443:127.0.0.1", (("xn--bcher-kva.test", 443), "127.0.0.1")),
    ],
)
def test_it_is_read_as_curl_reads_it(text: str, row: object) -> None:
    assert parse_resolve(text) == row


@pytest.mark.parametrize(
    "text", ["", "chat", "chat:443", "chat:443:", "chat:0:127.0.0.1", "chat:70000:127.0.0.1", "a:1:b"]
)
def test_anything_else_is_refused_with_the_text_in_the_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="«"):
        parse_resolve(text)


@given(st.text())
def test_no_text_at_all_makes_it_fail_in_another_way(text: str) -> None:
    for reader in (parse_resolve, plain_host):
        with suppress(ValueError):
            reader(text)


def test_a_name_may_have_several_addresses() -> None:
    assert parse_addresses("desk.test:443:127.0.0.1,[::1]") == (("desk.test", 443), ("127.0.0.1", "::1"))
    with pytest.raises(ValueError, match="«nowhere»"):
        parse_addresses("desk.test:443:127.0.0.1,nowhere")
