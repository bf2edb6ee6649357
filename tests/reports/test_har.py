from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import jsonschema
import pytest

from flows.signals import Exchange, Family, Signal
from reports.har import LONGEST, render
from reports.summary import Summary
from tests.reports.runs import EVERY

Told = Callable[[str], Summary]
TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "number", "minimum": -1}
NAMED: dict[str, Any] = {
    "type": "array",
    "items": {"type": "object", "properties": {"name": TEXT, "value": TEXT}, "required": ["name", "value"]},
}
HALF = {"httpVersion": TEXT, "cookies": NAMED, "headers": NAMED, "headersSize": NUMBER, "bodySize": NUMBER}


def thing(**keys: Any) -> dict[str, Any]:
    return {"type": "object", "properties": keys, "required": list(keys)}


REQUEST = thing(method=TEXT, url=TEXT, queryString=NAMED, **HALF)
RESPONSE = thing(
    status={"type": "integer", "minimum": 0},
    statusText=TEXT,
    redirectURL=TEXT,
    content=thing(size=NUMBER, mimeType=TEXT),
    **HALF,
)
TIMINGS = thing(send=NUMBER, wait=NUMBER, receive=NUMBER)
ENTRY = thing(
    startedDateTime=TEXT, time=NUMBER, request=REQUEST, response=RESPONSE, cache={"type": "object"}, timings=TIMINGS
)
PAGE = thing(startedDateTime=TEXT, id=TEXT, title=TEXT, pageTimings={"type": "object"})
SCHEMA = thing(
    log=thing(
        version={"const": "1.2"},
        creator=thing(name=TEXT, version=TEXT),
        pages={"type": "array", "items": PAGE},
        entries={"type": "array", "items": ENTRY},
    )
)
"""What HTTP Archive 1.2 asks for."""


def log_of(summary: Summary) -> dict[str, Any]:
    return dict(json.loads(render(summary))["log"])


@pytest.mark.parametrize("name", EVERY)
def test_every_run_is_a_har_1_2(told: Told, name: str) -> None:
    document = json.loads(render(told(name)))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    pages = {page["id"] for page in document["log"]["pages"]}
    moments = [datetime.fromisoformat(entry["startedDateTime"]) for entry in document["log"]["entries"]]
    assert moments == sorted(moments)
    for entry in document["log"]["entries"]:
        assert entry["pageref"] in pages
        assert entry["time"] == sum(entry["timings"].values())


def test_a_run_that_was_cut_off_has_its_requests(told: Told) -> None:
    summary = told("cut-off")
    view = summary.sessions[0]
    begun = view.started.started + 1
    view.exchanges = {
        "1": Exchange(
            "1",
            view.id,
            begun,
            begun + 0.25,
            "POST",
            "https://api.desk.test/v1?token=abc&page=2#x",
            "api.desk.test",
            443,
            "fetch",
            "ok",
            201,
            address="127.0.0.1",
            protocol="h2",
        ),
        "2": Exchange(
            "2", view.id, begun + 1, 0, "GET", "wss://chat.desk.test/", "chat.desk.test", 443, "websocket", "failed"
        ),
        "3": Exchange("3", view.id, begun + 2, 0, "GET", "data:text/plain,x", "", 0, "image", "ok", 200),
        "4": Exchange("4", view.id, begun + 3, 0, "GET", "https://[", "", 0, "image", "pending"),
    }
    view.signals = {
        "s": Signal("s", begun + 1, view.id, Family.TLS, "net", "net::ERR_CERT_DATE_INVALID", request="2"),
        "t": Signal(
            "t", begun + 4, view.id, Family.TLS, "net", "net::ERR_CERT_\u202eX", url="https://kb.test/" + "a" * 9000
        ),
    }
    posted, failed, pending, alone = (e for e in log_of(summary)["entries"] if e["pageref"] == view.id)
    assert (posted["request"]["method"], posted["response"]["status"], posted["time"]) == ("POST", 201, 250)
    assert posted["request"]["url"] == "https://api.desk.test/v1?token=…&page=…"
    assert [q["name"] for q in posted["request"]["queryString"]] == ["token", "page"]
    assert (posted["serverIPAddress"], posted["request"]["httpVersion"]) == ("127.0.0.1", "HTTP/2")
    assert (failed["response"]["status"], failed["response"]["_error"]) == (0, "net::ERR_CERT_DATE_INVALID")
    assert pending["response"]["_error"] == "pending"
    assert len(alone["request"]["url"]) < LONGEST + 100 and "\u202e" not in alone["response"]["_error"]


def test_what_a_counter_proof_let_past_is_left_out(told: Told) -> None:
    summary = told("failed")
    proofs = {view.id for view in summary.proofs}
    assert proofs and not proofs & {page["id"] for page in log_of(summary)["pages"]}
