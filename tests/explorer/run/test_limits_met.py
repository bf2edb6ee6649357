"""What is told of the limits that a session met."""

from __future__ import annotations

from dataclasses import replace

from explorer.run.limits_met import LimitsMet, limit_findings
from explorer.surfaces.surface import LIMITS
from flows.incident import Severity
from flows.record import Record


def away(how: str, at: str = "https://shop.example") -> Record:
    return Record(1.0, LIMITS, "private-address", {"to": "http://127.0.0.1:8080", "at": at, "how": how})


def test_limits_are_taken_out_of_the_records() -> None:
    met = LimitsMet()
    other = Record(1.0, "cdp", "Log.entryAdded", {})
    assert list(met.sifted([away("page"), other])) == [other]
    assert met.met == [away("page")]


def test_a_private_address_is_one_finding_for_each_way() -> None:
    found = limit_findings("s", [away("page"), away("page"), away("redirect"), away("frame", at="")])
    assert [(f.severity, f.kind, f.host, f.port) for f in found] == [
        (Severity.MEDIUM, "private-address-refused", "127.0.0.1", 8080)
    ] * 3
    assert found[0].text.startswith("https://shop.example leads to http://127.0.0.1:8080, which is on this machine")
    assert found[2].text.startswith("A page shows http://127.0.0.1:8080 in a frame")
    assert all("--allow-origin http://127.0.0.1:8080" in f.text for f in found)


def test_what_was_cut_or_left_out_is_told() -> None:
    cut = Record(1.0, LIMITS, "download", {"to": "https://shop.example/m.pdf", "most": 100, "all": 300})
    dropped = [Record(1.0, LIMITS, "dropped", {"records": n}) for n in (1000, 234)]
    found = limit_findings("s", [cut, *dropped])
    assert [f.kind for f in found] == ["records-dropped", "download-cut"]
    assert "1,234 of them were left out" in found[0].text
    assert found[1].host == "shop.example"


def test_names_that_a_blocker_answers_for_and_names_that_nobody_answers_for_are_told_as_what_they_are() -> None:
    blocked, slow = (
        Record(1.0, LIMITS, kind, {"to": "https://ads.example", "at": "https://shop.example", "how": "frame"})
        for kind in ("blocked-name", "unresolved-name")
    )
    found = limit_findings("s", [blocked, slow])
    assert [(f.severity, f.kind) for f in found] == [(Severity.INFO, "blocked-name"), (Severity.LOW, "unresolved-name")]
    assert "0.0.0.0" in found[0].text and "private network:" not in found[0].text
    assert "in time" in found[1].text and "--allow-origin https://ads.example" in found[1].text


def test_a_step_is_told_what_cut_it_short_and_no_step_what_came_before() -> None:
    met = LimitsMet([away("page")])
    began = met.met[0].time + 1
    assert met.told_since(began) == ""
    met.met += [replace(away("page"), kind="dropped", time=began), replace(away("redirect"), time=began)]
    assert met.told_since(began).startswith("Trustwalk itself cut it short. https://shop.example redirects to")


def test_a_request_that_a_page_makes_beside_its_work_cuts_nothing_short_and_a_frame_only_what_was_seen_in_one() -> None:
    met = LimitsMet([away("request"), away("frame")])
    assert met.told_since(0) == ""
    assert "in a frame" in met.told_since(0, frames=True)
