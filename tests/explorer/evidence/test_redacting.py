"""The file that a customer may share: every planted secret is gone, and what failed is still told."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest

from explorer.evidence.files import recording_in
from explorer.evidence.redacting import redacted, shareable_har
from explorer.evidence.source import opened
from explorer.targets.error import TargetError
from tests.explorer.evidence.hars import SITE, entry, har, page
from tests.explorer.evidence.net_logs import event, net_log, url_request
from tests.explorer.evidence.proxies.sessions import REFUSED, charles, chlsj, fiddler, flow, flows, saz
from tests.explorer.evidence.test_har import MAIL, PLANTED, SECRET, TOKEN

LOG = f"""11-23 10:00:00.100  2000  2001 W System.err: javax.net.ssl.SSLPeerUnverifiedException: Hostname api.example.org not verified: {MAIL}
11-23 10:00:00.101  2000  2001 I App: Authorization: Bearer {TOKEN}
11-23 10:00:00.102  2000  2001 I App: https://mia:{SECRET}@api.example.org/?token={SECRET} password={SECRET}
"""


def again(data: bytes, folder: Path, notes: list[str] | None = None) -> bytes:
    (folder / "given").write_bytes(data)
    with opened(str(folder / "given"), io.BytesIO()) as source:
        return b"".join(redacted(source, notes))


ODD = f"https://mia:{SECRET}@tickets.shop.example/reset/{TOKEN}/{MAIL}?token={SECRET}&mail={MAIL}#{SECRET}"
HEADERS = (
    f"Authorization: Bearer {TOKEN}\r\nCookie: session={SECRET}\r\nReferer: {SITE}/?q={SECRET}\r\nX-Mail: {MAIL}\r\n"
)
LISTED = [dict(zip(("name", "value"), line.split(": "), strict=True)) for line in HEADERS.strip().split("\r\n")]
FILES = {
    "har": har([page(), PLANTED], titles=[f"{MAIL} {SECRET} password={SECRET}".replace(f" {SECRET}", "")]),
    "net log": net_log(
        url_request(
            1, f"https://api.example.org/reset/{TOKEN}?token={SECRET}", error=-201, headers=[f"Cookie: {SECRET}"]
        )
    ),
    "log": LOG.encode(),
    "Fiddler": saz(
        fiddler(1, ODD, method="POST", headers=HEADERS, sent=f"token={SECRET}&mail={MAIL}", body=f"{SECRET} {TOKEN}"),
        fiddler(2, ODD, "HTTP/1.1 502 Fiddler - Connection Failed", body=f"{REFUSED} {ODD} password={SECRET} {MAIL}"),
    ),
    "Charles": chlsj(
        charles(
            ODD,
            method="POST",
            notes=SECRET,
            clientAddress=MAIL,
            request={"header": {"headers": LISTED}, "body": {"text": SECRET}},
        ),
        charles(error=f"certificate has expired {ODD} password={SECRET} {MAIL}", response={"body": {"text": TOKEN}}),
    ),
    "mitmproxy": flows(
        flow(
            f"/reset/{TOKEN}?token={SECRET}&mail={MAIL}",
            metadata={"k": SECRET},
            comment=SECRET,
            request={"content": SECRET.encode()},
        ),
        flow(
            error=f"Certificate verify failed: certificate has expired {ODD} {MAIL}",
            client_conn={"peername": [MAIL, 1]},
        ),
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_no_planted_secret_is_left(kind: str, tmp_path: Path) -> None:
    told = again(FILES[kind], tmp_path).decode()
    assert "api.example.org" in told or "tickets.shop.example" in told
    for secret in (SECRET, MAIL, "lindqvist", TOKEN, TOKEN[:20]):
        assert secret not in told


WORD = "zq7kjx"
"""A secret that looks like none: only the place where it stands tells."""
PORTAL = "portal.shop.example"
NUMBER = 99887766554


def asked(**request: Any) -> bytes:
    return har([page(request=request)])


def answered(**response: Any) -> bytes:
    return har([page(response=response)])


def logged(event_name: str = "REQUEST_ALIVE", **params: Any) -> bytes:
    return net_log([{**event(event_name, 1), "params": {"url": f"{SITE}/", **params}}])


def pem(body: str) -> str:
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def sent(
    url: str = f"{SITE}/", status: str = "HTTP/1.1 200 OK", more: dict[str, bytes] | None = None, **parts: str
) -> bytes:
    """A session of Fiddler with one request."""
    return saz(fiddler(1, url, status, **parts), more=more)


def recorded(**more: Any) -> bytes:
    return chlsj(charles(f"{SITE}/", **more))


PLACES = {
    "Fiddler: bodies": sent(method="POST", sent=f"{WORD}={WORD}", body=WORD),
    "Fiddler: a form": sent(method="POST", headers="Content-Type: application/x-www-form-urlencoded\r\n", sent=f"a={WORD}"),
    "Fiddler: headers": sent(headers=f"Sid: {WORD}\r\nX-Key:{WORD}\r\n{WORD}\r\nContent-Type: text/html; x={WORD}\r\n"),
    "Fiddler: a reason and a method": sent(status=f"HTTP/1.1 200 {WORD}", method="POST"),
    "Fiddler: an answer of the server": sent(status=f"HTTP/1.1 502 {WORD}", body=f"[Fiddler] {WORD}"),
    "Fiddler: a query and a fragment": sent(f"{SITE}/?a={WORD}#{WORD}"),
    "Fiddler: user and password": sent(f"https://{WORD}:{WORD}@portal.shop.example/"),
    "Fiddler: other files": sent(more={"raw/1_w.txt": WORD.encode(), "_index.htm": WORD.encode(), f"{WORD}.txt": b""}),
    "Charles: members that it adds": recorded(notes=WORD, clientAddress=WORD, **{WORD: NUMBER}),
    "Charles: places with the wrong kind": recorded(times=WORD, durations={"total": WORD}, remoteAddress=f"x/{WORD}"),
    "Charles: headers": recorded(request={"header": {"firstLine": WORD, "headers": [{"name": "Sid", "value": WORD}, WORD]}}),
    "Charles: bodies": recorded(request={"body": {"text": WORD, "charset": WORD}}, response={"body": {"encoded": WORD}, "mimeType": WORD}),
    "Charles: a query": recorded(query=f"a={WORD}"),
    "mitmproxy: members that it adds": flows(flow(host=PORTAL, metadata={WORD: WORD}, comment=WORD, marked=WORD, id=WORD)),
    "mitmproxy: bodies and headers": flows(flow(host=PORTAL, request={"content": WORD.encode(), "headers": [[b"Sid", WORD.encode()], WORD]})),
    "mitmproxy: a version": flows(flow(host=PORTAL, request={"http_version": WORD.encode(), "trailers": [[WORD, WORD]]})),
    "a body": asked(postData={"mimeType": f"text/plain; x={WORD}", "text": f"{WORD}&a={WORD}", "comment": WORD}),
    "a body that is a text": asked(postData=WORD),
    "a body that is an object": asked(postData={"text": {"k": WORD, "size": WORD}}),
    "a body that is a number": asked(postData={"text": NUMBER, "encoding": NUMBER, "params": NUMBER}),
    "a field of a form": asked(postData={"params": [{"name": "a", "value": WORD, "fileName": WORD, "comment": NUMBER}]}),
    "an answer": answered(content={"text": WORD, "mimeType": f"text/html;{WORD}", "encoding": WORD, "size": WORD}),
    "an answer that is a text": answered(content=WORD),
    "an answer that begins as a certificate": answered(content={"text": pem("MIIB") + WORD}),
    "cookies": asked(cookies=[{"name": WORD, "value": NUMBER}]),
    "cookies that are an object": asked(cookies={WORD: NUMBER}),
    "cookies that are a text": answered(cookies=WORD),
    "headers": asked(headers=[{"name": "Sid", "value": WORD, "comment": WORD}, {"name": "X", "value": NUMBER}, WORD]),
    "headers that are an object": asked(headers={"x-api-key": WORD, "X": NUMBER, f"a {WORD}": ""}),
    "headers that are a text": asked(headers=f"Cookie: {WORD}"),
    "the type in a header": answered(headers=[{"name": "Content-Type", "value": f"text/html; x={WORD}"}]),
    "the query": asked(queryString=[{"name": "a", "value": WORD}, {"name": f"{WORD}@@", "value": NUMBER}]),
    "a method and a protocol": asked(method=WORD, httpVersion=WORD),
    "members that recorders add": har([page(_user={"id": WORD, "token": NUMBER}, _body=WORD, cache={"a": WORD})]),
    "a member that is an address": har([{**page(), "_map": {f"https://x.example/?t={WORD}": 1}, WORD: {WORD: NUMBER}}]),
    "the stack of a script": har([page(), entry(SITE, _initiator={"type": "script", "stack": {"callFrames": [WORD]}})]),
    "ids": har([{**page(), "pageref": WORD, "_frameref": WORD, "connection": WORD, "serverIPAddress": WORD}]),
    "a time": har([{**page(), "startedDateTime": WORD, "time": WORD, "timings": {"comment": WORD, "send": WORD}}]),
    "comments": har([page()], comment=WORD, browser={"name": "x", "comment": WORD}, _meta=WORD),
    "a comment that begins with an address": har([page(comment=f"https://x.example/ password={WORD}")]),
    "beside the log": b'{"a": ["%b"], %b' % (WORD.encode(), har([page()])[1:]),
    "an event's headers": logged(headers=[f"Cookie: {WORD}", f"x-key:{WORD}", f":path: /{WORD}", f"HTTP/1.1 302 {WORD}", WORD]),
    "an event's headers in one text": logged(headers=f"Accept: */*\r\nX-Foo: {WORD}\n{WORD}"),
    "an event's headers as an object": logged(headers={"x-api-key": WORD, "X": NUMBER}),
    "an event's headers as a number": logged(headers=[NUMBER, {"a": WORD}]),
    "an event's first line": logged(request_headers={"line": f"GET /{WORD} HTTP/1.1", "headers": [f"Cookie: {WORD}"]}),
    "an event's cookies": logged(name=WORD, value=WORD, cookie=WORD, cookies={WORD: NUMBER}),
    "an event's texts": logged(challenge=f"Negotiate {WORD}", path=f"/home/{WORD}", list=[WORD, {"x": [WORD]}]),
    "the names of an event's members": logged(a={f"a {WORD}": 1, f"https://x.example/?t={WORD}": {f"b/{WORD}": 2}}),
    "an event's isolation key": logged(network_isolation_key=f"https://x.example {WORD}", initiator=WORD),
    "an event's group": logged(group_id=f"ssl/https://x.example:443 <{WORD}>", destination=f"https://mia:{WORD}@x.example"),
    "an event's address": logged("TCP_CONNECT", remote_address=f"{WORD}:443", address=WORD, local_address=WORD),
    "a certificate with more": logged("SSL_CERTIFICATES_RECEIVED", certificates=[pem("MIIB") + WORD, pem(f"p: {WORD}")]),
    "a certificate elsewhere": logged(cert=pem("MIIB") + WORD, text=pem(WORD)),
    "the command line": net_log([event("REQUEST_ALIVE", 1, url=SITE)]).replace(
        b'"name": "Chrome"', b'"name": "Chrome", "command_line": "--p=%b"' % WORD.encode()
    ),
    "beside the events": b'{"%b": 1, "polledData": {"g": {"ssl/%b": 1}}, %b' % (WORD.encode(), WORD.encode(), logged()[1:]),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_what_is_not_known_to_be_harmless_is_left_out(place: str, tmp_path: Path) -> None:
    text = again(PLACES[place], tmp_path).decode()
    assert "portal.shop.example" in text
    assert WORD not in text
    assert str(NUMBER) not in text
    json.loads(text)


def params_of(text: bytes) -> dict[str, Any]:
    [only] = json.loads(text)["events"]
    found: dict[str, Any] = only["params"]
    return found


@pytest.mark.parametrize(
    ("data", "stays"),
    [(b"\x02\x2a", True), (b"\x01\x00", True), (b"12", False), (b"123456", False), (b"\x02", False), (b"", True)],
)
def test_of_bytes_only_an_alert_stays(data: bytes, stays: bool, tmp_path: Path) -> None:
    given = {"bytes": encoded(data), "hex_encoded_bytes": data.hex()}
    kept = params_of(again(logged("SSL_ALERT_RECEIVED", **given), tmp_path))
    assert {name: kept[name] for name in given} == (given if stays else dict.fromkeys(given, "…"))


def test_certificates_and_the_status_of_an_event_stay(tmp_path: Path) -> None:
    lines = ["HTTP/1.1 302 Found", ":status: 200", "Content-Type:text/html; a=b", "Date: Mon, 30 Nov 2026 08:50:00 GMT"]
    kept = params_of(again(logged(headers="\r\n".join(lines), certificates=[pem("MIIB")]), tmp_path))
    assert kept["headers"] == ["HTTP/1.1 302", ":status: 200", "Content-Type: text/html", lines[3]]
    assert kept["certificates"] == [pem("MIIB")]


def test_ids_of_strangers_get_numbers_that_still_match(tmp_path: Path) -> None:
    entries = [{**page(), "pageref": ref} for ref in ("mia-7", "page_2", "leo")]
    data = har(entries, titles=["Shop", "Desk", "Till"]).replace(b'"id": "page_1"', b'"id": "mia-7"')
    data = data.replace(b'"id": "page_3"', b'"id": "leo"')
    log = json.loads(again(data, tmp_path))["log"]
    assert [one["id"] for one in log["pages"]] == ["id-1", "page_2", "id-2"]
    assert [one["pageref"] for one in log["entries"]] == ["id-1", "page_2", "id-2"]


def test_a_private_key_in_a_log_is_left_out_with_all_its_lines(tmp_path: Path) -> None:
    key = f"-----BEGIN PRIVATE KEY-----\nMIIE/{WORD}\n-----END PRIVATE KEY-----\n"
    assert again(f"{LOG}{key}after it\n".encode(), tmp_path).decode().splitlines()[3:] == ["…", "…", "…", "after it"]


@pytest.mark.parametrize("broken", ['{"a": NaN}', '{"a": "\\ud800"}', '{"a": 1e999}', f'{{"a": {"9" * 5000}}}'])
def test_entries_that_are_lost_are_told(broken: str, tmp_path: Path) -> None:
    notes: list[str] = []
    data = har([page()]).replace(b'"entries": [', b'"entries": [%b, ' % broken.encode())
    assert len(json.loads(again(data, tmp_path, notes))["log"]["entries"]) == 1
    assert [note.partition(" ")[0] for note in notes] == ["1"]


@pytest.mark.parametrize("kind", ["har", "net log", "Fiddler", "Charles", "mitmproxy"])
def test_what_failed_is_still_in_it(kind: str, tmp_path: Path) -> None:
    def failures(data: bytes) -> list[tuple[str, str]]:
        (tmp_path / "file").write_bytes(data)
        with opened(str(tmp_path / "file"), io.BytesIO()) as source:
            return [(r.url, r.error.partition(" ")[0]) for r in recording_in(source).requests]

    assert failures(again(FILES[kind], tmp_path)) == failures(FILES[kind])


def test_a_log_keeps_its_lines_and_its_failure(tmp_path: Path) -> None:
    told = again(FILES["log"], tmp_path).decode().splitlines()
    assert len(told) == 3
    assert "Hostname api.example.org not verified" in told[0]


@pytest.mark.parametrize("kind", ["har", "net log"])
def test_a_file_that_is_cut_off_is_written_as_far_as_it_goes(kind: str, tmp_path: Path) -> None:
    data = FILES[kind]
    for end in range(len(data) * 2 // 3, len(data) - 1, 11):
        json.loads(again(data[:end], tmp_path))


@pytest.mark.parametrize("kind", ["Fiddler", "Charles", "mitmproxy"])
def test_a_session_of_a_proxy_becomes_a_har(kind: str, tmp_path: Path) -> None:
    notes: list[str] = []
    made = json.loads(again(FILES[kind], tmp_path, notes))
    assert made["log"]["creator"]["name"] == kind and len(made["log"]["entries"]) == 2
    assert notes == [f"The result is a HAR, which {kind} and `trustwalk read` open."]
    notes.clear()
    if kind != "Fiddler":
        json.loads(again(FILES[kind][:-30], tmp_path, notes))
        assert any("is cut off" in note for note in notes)


@pytest.mark.parametrize("time", [1e308, float("inf"), float("nan")])
def test_a_time_that_is_none_in_a_session_brings_nothing_down(time: float, tmp_path: Path) -> None:
    odd = flow(response={"status_code": 200, "timestamp_end": time, "headers": []})
    assert len(json.loads(again(flows(odd, flow()), tmp_path))["log"]["entries"]) == 2


def test_a_packet_capture_is_refused_and_told_what_to_send_instead(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match=r"secrets cannot be taken out.*HAR or net log"):
        again(b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00" + bytes(16), tmp_path)


def test_certificates_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="can be redacted"):
        again(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", tmp_path)


def test_a_har_in_memory_keeps_what_tells_the_failure_and_nothing_else() -> None:
    given = entry(f"{SITE}/cas?ticket=ST-1856339&k=t0ken#t0ken")
    given["request"]["headers"] = [
        {"name": name, "value": "t0ken"} for name in ("DPoP", "X-Amzn-Oidc-Data", "Referer", "X-User", "Location")
    ] + [{"name": "Accept", "value": "*/*"}]
    given["response"]["redirectURL"] = f"{SITE}/?ott=t0ken"
    told = shareable_har(json.loads(har([given])))
    (kept,) = told["log"]["entries"]
    assert "t0ken" not in json.dumps(told) and "ST-1856339" not in json.dumps(told)
    assert {"name": "Accept", "value": "*/*"} in kept["request"]["headers"]
    assert kept["request"]["url"] == f"{SITE}/cas?ticket&k"
