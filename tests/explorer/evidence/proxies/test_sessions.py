"""Sessions of Fiddler, Charles and mitmproxy become recordings: which request failed, on which host, by which words."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path

import pytest

from explorer.evidence.files import recording_in
from explorer.evidence.proxies.sessions import TOOLS, proxy_entries
from explorer.evidence.recording import Recording
from explorer.evidence.source import opened
from explorer.evidence.wording import meaning
from explorer.targets.error import TargetError
from flows.diagnosis import Cause
from flows.signals import Family
from tests.explorer.evidence.proxies.sessions import (
    HOST,
    REFUSED,
    URL,
    charles,
    chlsj,
    fiddler,
    flow,
    flows,
    saz,
    zipped,
)

EXPIRED = "Certificate verify failed: certificate has expired"
SESSIONS = {
    "Fiddler": saz(
        fiddler(1, f"https://{HOST}/help"),
        fiddler(3, URL, "HTTP/1.1 502 Fiddler - Connection Failed", method="POST", body=REFUSED, sent="a=1&b=2"),
        fiddler(10, f"{HOST}:443", "HTTP/1.1 200 Connection Established", method="CONNECT"),
    ),
    "Charles": chlsj(charles(f"https://{HOST}/help"), charles(method="POST", error=EXPIRED)),
    "mitmproxy": flows(flow("/help"), flow(error=EXPIRED)),
    "Charles ": zipped(
        {
            "1-meta.json": chlsj(charles(f"https://{HOST}/help"))[1:-1],
            "2-meta.json": chlsj(charles(method="POST", error=EXPIRED))[1:-1],
            "2-req.dat": b"x",
        }
    ),
}


def read(data: bytes, folder: Path) -> Recording:
    (folder / "sent").write_bytes(data)
    with opened(str(folder / "sent"), io.BytesIO()) as source:
        return recording_in(source)


@pytest.mark.parametrize("tool", SESSIONS)
def test_a_request_that_the_proxy_could_not_make_is_told(tool: str, tmp_path: Path) -> None:
    found = read(SESSIONS[tool], tmp_path)
    assert found.source == f"the session of {tool.strip()}" and found.by_proxy
    good, bad = found.requests[:2]
    assert (good.url, good.status, good.error, good.address) == (f"https://{HOST}/help", 200, "", "192.0.2.7")
    assert (bad.method, bad.url, bad.status) == ("POST", URL, 0)
    assert meaning(bad.error).family is Family.TLS
    assert bad.started > 1.7e9


def test_a_session_of_fiddler_is_read_in_the_order_of_its_numbers(tmp_path: Path) -> None:
    found = read(SESSIONS["Fiddler"], tmp_path)
    assert [r.url.rpartition("/")[2] for r in found.requests] == ["help", "tickets", ""]
    assert found.requests[1].fields == () and found.requests[2].method == "CONNECT"
    assert found.requests[0].server_date


def test_the_names_of_fields_are_kept_and_their_values_are_not(tmp_path: Path) -> None:
    for tool in ("Charles", "mitmproxy"):
        found = read(SESSIONS[tool], tmp_path).requests[1]
        assert found.fields == ("subject", "message")


@pytest.mark.parametrize("tool", ["Charles", "mitmproxy"])
def test_a_session_that_is_cut_off_is_read_as_far_as_it_goes(tool: str, tmp_path: Path) -> None:
    data = SESSIONS[tool]
    found = read(data[: len(data) - 20], tmp_path)
    assert len(found.requests) == 1
    assert any("is cut off" in note for note in found.notes)


@pytest.mark.parametrize("tool", ["Fiddler", "Charles "])
def test_an_archive_that_is_damaged_is_one_sentence(tool: str, tmp_path: Path) -> None:
    data = bytearray(SESSIONS[tool])
    at = data.index(b"PK\x03\x04", 1 if tool == "Charles " else data.index(b"raw/"))
    data[at + 50 : at + 60] = bytes(10)
    with pytest.raises(TargetError, match=r"damaged|unpacked"):
        read(bytes(data), tmp_path)


def test_a_file_of_a_session_that_says_nothing_is_counted(tmp_path: Path) -> None:
    broken = saz(fiddler(1), {"raw/2_c.txt": b"\x00\x01", "raw/2_s.txt": b"", "raw/2_m.xml": b"<"})
    found = read(broken, tmp_path)
    assert len(found.requests) == 1
    assert "1 entries of the session of Fiddler could not be read." in found.notes


def test_a_large_list_in_an_archive_is_read_like_the_file_alone(tmp_path: Path) -> None:
    large = "".join(random.Random(1).choices("abcdefghijklmnop", k=40_000))
    more = [charles(f"{URL}/{n}", response={"status": 200, "body": {"text": large}}) for n in range(40)]
    data = chlsj(*more, charles(method="POST", error=EXPIRED))
    alone, packed = read(data, tmp_path), read(zipped({"session.chlsj": data, "x.json": b"[{]"}), tmp_path)
    assert len(data) > 1 << 20 and len(alone.requests) == 41
    assert packed.requests == alone.requests
    assert "1 entries of the session of Charles could not be read." in packed.notes


def test_every_kind_of_session_has_a_reader(tmp_path: Path) -> None:
    assert {tool.strip() for tool in SESSIONS} == set(TOOLS.values())
    (tmp_path / "sent").write_bytes(SESSIONS["Charles"])
    with opened(str(tmp_path / "sent"), io.BytesIO()) as source:
        tool, entries = proxy_entries(source)
        assert tool == "Charles" and len(list(entries)) == 2 and not entries.cut_off


@pytest.mark.parametrize(
    ("words", "family", "first"),
    [
        ("SSL handshake with client failed: certificate_unknown", Family.TLS, Cause.INTERCEPTION),
        ("The remote server does not speak TLS.", Family.TLS, Cause.NOT_TLS),
        ("Error: ConnectionRefused (0x274d). target machine actively refused it", Family.NETWORK, None),
        ('[Fiddler] DNS Lookup for "a.test" failed. No such host is known', Family.NETWORK, None),
        ("connection closed", Family.NETWORK, None),
        ("Certificate verify failed: hostname mismatch", Family.TLS, Cause.HOSTNAME_MISMATCH),
    ],
)
def test_what_proxies_say_has_a_meaning(words: str, family: Family, first: Cause | None) -> None:
    found = meaning(words)
    assert found.family is family
    assert next(iter(found.causes), None) is first


def test_an_address_behind_a_hidden_proxy_has_the_name_from_the_header(tmp_path: Path) -> None:
    [found] = read(flows(flow(error=EXPIRED, host="192.0.2.7")), tmp_path).requests
    assert found.url == URL


def test_a_large_flow_is_left_out_and_told(tmp_path: Path) -> None:
    large = flow(request={"content": b"x" * (9 << 20)})
    found = read(flows(flow(), large, flow(error=EXPIRED)), tmp_path)
    assert [r.error for r in found.requests] == ["", EXPIRED]
    assert "1 entries of the session of mitmproxy could not be read." in found.notes


def test_other_json_in_a_list_is_no_request(tmp_path: Path) -> None:
    odd = json.dumps([charles(), {"status": "X", "method": "GET"}, 7, None]).encode()
    found = read(odd, tmp_path)
    assert len(found.requests) == 1
