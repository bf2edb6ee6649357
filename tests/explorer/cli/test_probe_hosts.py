from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.cli.probe_hosts import hosts_asked_for, parse_host, third_parties
from flows.diagnosis import Diagnosis
from flows.signals import Exchange
from reports.journal.events import Diagnosed, ExchangeSeen, Journal


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("desk.test", ("desk.test", 443)),
        ("Desk.Test:8443", ("desk.test", 8443)),
        ("https://desk.test/login?x=1", ("desk.test", 443)),
        ("wss://desk.test:9000/ws", ("desk.test", 9000)),
        ("127.0.0.1:8443", ("127.0.0.1", 8443)),
        ("[::1]:8443", ("::1", 8443)),
        ("::1", ("::1", 443)),
        ("bücher.test", ("xn--bcher-kva.test", 443)),
    ],
)
def test_hosts_are_read_in_every_usual_way(text: str, endpoint: tuple[str, int]) -> None:
    assert parse_host(text) == endpoint


@given(st.text())
def test_no_text_makes_it_fail_without_a_sentence(text: str) -> None:
    with suppress(ValueError):
        host, port = parse_host(text)
        assert host
        assert 0 < port < 65536


def test_each_host_is_asked_once_in_the_order_given() -> None:
    assert hosts_asked_for(["b.test", "a.test:443", "https://b.test/"]) == (("b.test", 443), ("a.test", 443))


def test_a_line_that_is_no_host_is_named(tmp_path: Path) -> None:
    path = tmp_path / "hosts.txt"
    path.write_text("a.test\nnot a host\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        hosts_asked_for([f"@{path}"])


def test_a_run_gives_the_hosts_that_it_met_over_tls(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.jsonl") as journal:
        for url in ("https://a.test/", "http://plain.test/", "wss://chat.test:9000/"):
            host, port = ("chat.test", 9000) if "chat" in url else (url.split("/")[2], 443)
            journal.write(ExchangeSeen(Exchange("1", "s", 1.0, 2.0, "GET", url, host, port, "fetch", "ok")))
    assert hosts_asked_for([str(tmp_path)]) == (("a.test", 443), ("chat.test", 9000))


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is not a run folder"):
        hosts_asked_for([str(tmp_path)])


def test_a_run_with_a_damaged_journal_is_a_run_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_text("no event\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"^The run in «.*» cannot be read: .*line 1") as told:
        hosts_asked_for([str(tmp_path)])
    assert "not a run folder" not in str(told.value)


def test_what_a_run_calls_somebody_else_s_stays_so(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.jsonl") as journal:
        for host, foreign in (("own.test", False), ("widget.test", True)):
            journal.write(Diagnosed(Diagnosis(host, 443, (), "fine", "probe", None, third_party=foreign)))
    assert third_parties([str(tmp_path), "widget.example"]) == {("widget.test", 443)}
