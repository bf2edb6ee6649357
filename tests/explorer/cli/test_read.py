"""`trustwalk read` as it is typed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from explorer.cli import main
from explorer.tls.faults.front import serve
from explorer.tls.faults.mint import Authority, pem
from flows.diagnosis import Cause
from reports.summary import load
from tests.explorer.evidence.capture.hellos import hello
from tests.explorer.evidence.capture.packets import Talk, pcap, pcapng
from tests.explorer.evidence.hars import SITE, entry, har, page

TICKETS = "https://tickets.shop.example/v1/tickets"
FAILED = {"_error": "net::ERR_CERT_COMMON_NAME_INVALID"}
LINE = "11-23 10:00:00.100  2000  2001 I wifi: nothing of note\n"
REFUSED = "11-23 10:00:00.100  2000  2001 W System.err: javax.net.ssl.SSLPeerUnverifiedException: Hostname api.example.org not verified:\n"


def typed(*arguments: str | Path, stdin: bytes = b"") -> tuple[int, str, str]:
    result = CliRunner().invoke(
        main, [*map(str, arguments)], input=stdin, env={"COLUMNS": "120", "CI": "1"}, prog_name="trustwalk"
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def ticket(url: str = TICKETS, status: int = 0) -> bytes:
    sent = entry(url, status, at=9, method="POST", _resourceType="fetch", response=FAILED if not status else {})
    return har([page(), page(f"{SITE}/contact", at=3), sent])


def test_a_har_becomes_a_run_that_every_report_tells(tmp_path: Path) -> None:
    (tmp_path / "sent by mail.txt").write_bytes(ticket())
    code, out, _ = typed("read", tmp_path / "sent by mail.txt", "--out", tmp_path / "run")
    assert code == 1
    assert "hostname-mismatch or 2 others tickets.shop.example" in " ".join(out.split())
    assert "trustwalk probe tickets.shop.example" in out
    assert "Read from the HAR" in out
    summary = load(tmp_path / "run")
    assert [v.host for v in summary.verdicts] == ["tickets.shop.example"]
    assert "Hostname" not in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    again, _, _ = typed("report", tmp_path / "run", "--format", "markdown", "junit", "sarif", "har", "regression")
    assert again == 0


def test_a_har_from_standard_input_prints_one_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = typed("read", "-", "--out", "-", "--format", "json", stdin=ticket())
    assert code == 1
    assert json.loads(out)["schema"].startswith("trustwalk.report")


@pytest.mark.parametrize("write", [pcap, pcapng])
def test_a_packet_capture_is_told_by_its_content(write: Callable[..., bytes], tmp_path: Path) -> None:
    talk = Talk().opened().says(hello("tickets.shop.example")).answers(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    code, out, _ = typed("read", "-", "--out", tmp_path / "run", stdin=write(talk.frames))
    assert code == 1
    assert "tickets.shop.example The server answers a ClientHello with something other than TLS" in " ".join(
        out.split()
    )
    assert "Read from the packet capture" in out
    assert "something other than TLS" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert load(tmp_path / "run").diagnoses["tickets.shop.example", 443].causes == (Cause.NOT_TLS,)
    working = Talk().opened().says(hello("a.shop.example"))
    assert typed("read", "-", "--out", tmp_path / "other", stdin=write(working.frames))[0] == 0


def test_a_har_without_a_failure_ends_with_0_and_an_empty_one_with_3(tmp_path: Path) -> None:
    code, out, _ = typed("read", "-", "--out", tmp_path / "good", stdin=ticket(status=201))
    assert (code, "No request failed because of TLS" in out) == (0, True)
    code, _, _ = typed("read", "-", "--out", tmp_path / "empty", stdin=har([]))
    assert code == 3


def test_a_log_goes_to_the_reader_of_logs(tmp_path: Path) -> None:
    (tmp_path / "phone.har").write_text(LINE + REFUSED, encoding="utf-8")
    told = typed("read", tmp_path / "phone.har")
    assert told == typed("logs", tmp_path / "phone.har")
    assert told[0] == 1
    assert typed("read", "-", stdin=(LINE + REFUSED).encode())[1] == told[1]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "is nothing that can be read; give a HAR"),
        (b"\xd4\xc3\xb2\xa1\x02\x00", "The capture is cut off"),
        (b'{"log": {"entries": }}', "is damaged"),
        (b'{"log": {"x": ' + b"[" * 5_000, "is nested deeper"),
        (b'{"constants": {}}', "constants"),
        (b'{"constants": {"logEventTypes": {', "is cut off"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(data: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(data)
    code, out, err = typed("read", tmp_path / "x", "--out", tmp_path / "run")
    assert code in (2, 3)
    assert said in out + err
    assert len(err.splitlines()) <= 1
    assert "Traceback" not in err


def test_certificates_are_judged_and_their_exit_code_says_how(tmp_path: Path) -> None:
    authority = Authority.create()
    leaf = authority.leaf(["shop.example"])
    (tmp_path / "root.pem").write_bytes(authority.root_pem)
    (tmp_path / "whole.pem").write_bytes(pem(*leaf.chain))
    (tmp_path / "leaf.pem").write_bytes(pem(leaf.certificate))
    ca = ("--ca", tmp_path / "root.pem")
    code, out, _ = typed("read", tmp_path / "whole.pem", *ca)
    assert (code, "No fault found" in out, "every client refuses it" in out) == (0, True, True)
    code, out, _ = typed("read", tmp_path / "leaf.pem", *ca)
    assert (code, "(incomplete-chain)" in out, "nothing was fetched" in " ".join(out.split())) == (1, True, True)
    code, out, _ = typed("read", tmp_path / "whole.pem", *ca, "--host", "chat.example", "--format", "json")
    assert (code, json.loads(out)["hosts"][0]["causes"]) == (1, ["hostname-mismatch"])
    code, out, _ = typed("read", tmp_path / "root.pem")
    assert (code, "none of a server: roots or intermediates" in out) == (0, True)
    code, out, _ = typed("read", tmp_path / "root.pem", "--host", "chat.example")
    assert (code, "chat.example" in out, "(invalid-certificate)" in out or "(self-signed)" in out) == (1, True, True), (
        out
    )


async def test_probe_tells_what_became_of_the_failure(tmp_path: Path) -> None:
    authority = Authority.create()
    (tmp_path / "root.pem").write_bytes(authority.root_pem)
    name = "tickets.desk.test"
    for fault, said in (("hostname-mismatch", "is still broken"), (None, "shows no fault now")):
        async with await serve(authority, [name], None, fault) as front:
            given = ticket(f"https://{name}:{front.port}/v1/tickets")
            place = f"{name}:{front.port}:127.0.0.1"
            options = ("--probe", "--resolve", place, "--ca", tmp_path / "root.pem", "--out", tmp_path / f"run-{fault}")
            code, out, _ = await asyncio.to_thread(typed, "read", "-", *options, stdin=given)
        assert code == 1
        assert said in out
    code, out, _ = await asyncio.to_thread(typed, "read", "-", *options[:-1], tmp_path / "gone", stdin=given)
    assert "could not be asked again" in out
