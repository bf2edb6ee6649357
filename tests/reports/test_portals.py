"""The page above several targets: which journeys fail where, and which host breaks more than one target."""

from __future__ import annotations

import json
from pathlib import Path

from flows.diagnosis import Cause
from flows.incident import Verdict
from reports.portals import Portal, document, journeys, lines, portal, shared_faults, told
from reports.summary import Summary
from reports.web_page import render_portals
from tests.reports.run_parts import whole
from tests.reports.runs import write_run
from tests.reports.telling import Teller


def test_the_matrix_has_a_row_for_each_target_and_tells_the_hosts_that_break_several(tmp_path: Path) -> None:
    for name in ("shop", "bank"):
        write_run("small", tmp_path / name)
    write_run("all-good", tmp_path / "fine")
    (tmp_path / "gone").mkdir()
    every = [portal(name, tmp_path / name, code) for name, code in (("shop", 1), ("bank", 1), ("fine", 0), ("gone", 2))]
    assert told(every) == "2 of 4 targets have journeys that fail because of TLS; 1 could not be explored"
    (fault,) = shared_faults(every)
    assert (fault.host, fault.portals) == ("chat.desk.test", ("shop", "bank"))
    assert "start-chat" in journeys(every)
    page = render_portals(every)
    assert page.count('<tr><th scope="row">') == 5
    assert 'href="shop/report.html"' in page
    assert 'href="gone/report.html"' not in page
    data = json.loads(document(every))
    assert [t["exit_code"] for t in data["targets"]] == [1, 1, 0, 2]
    assert data["targets"][0]["journeys"]["start-chat"] == {
        "verdict": "failed",
        "cause": "expired",
        "host": "chat.desk.test",
    }
    assert data["faults"][0]["targets"] == ["shop", "bank"]
    assert lines(every)[-1].startswith("chat.desk.test")


def test_a_journey_that_tls_blocks_on_one_device_is_not_hidden_by_another_fault_on_the_next(tmp_path: Path) -> None:
    blocked, other = Teller("curious", "phone"), Teller("curious", "desktop")
    blocked.journey("start-chat", Cause.EXPIRED, verdict=Verdict.BLOCKED, blocked_by="login")
    other.journey("start-chat", verdict=Verdict.FAILED)
    summary = Summary.from_events(whole([other, blocked], {}, code=1), tmp_path)
    assert told([Portal("shop", 1, summary)]) == "1 of 1 target has journeys that fail because of TLS"


def test_a_page_of_targets_is_safe_whatever_an_app_calls_itself(tmp_path: Path) -> None:
    write_run("hostile", tmp_path / "evil")
    assert "<script" not in render_portals([portal("evil", tmp_path / "evil", 1)])
