from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flows.incident import Finding, Severity, Verdict
from reports.rollup import background, calendar, fixes, headline, hosts, overview, private_root
from reports.summary import Summary

Told = Callable[[str], Summary]


def test_one_persona_that_tls_broke_fails_the_row_and_another_that_passed_makes_it_intermittent(told: Told) -> None:
    rows = {r.journey: r for r in overview(told("failed"))}
    assert (rows["knowledge-base"].verdict, rows["knowledge-base"].intermittent) == (Verdict.FAILED, True)
    assert (rows["start-chat"].verdict, rows["start-chat"].intermittent) == (Verdict.FAILED, False)
    assert rows["login"].verdict is Verdict.PASSED
    assert rows["download-attachment"].verdict is Verdict.PASSED  # two got through, one did not find it


def test_each_device_has_rows_of_its_own(told: Told) -> None:
    rows = {(r.journey, r.device): r.verdict for r in overview(told("several-devices"))}
    assert rows["submit-ticket", "desktop"] is Verdict.PASSED
    assert rows["submit-ticket", "phone"] is Verdict.FAILED


def test_what_is_to_be_mended_is_told_once_per_host_and_cause(told: Told) -> None:
    found = fixes(told("failed"))
    assert [(f.host, f.cause, f.failed) for f in found] == [
        ("chat.desk.test", "expired", ["start-chat"]),
        ("tickets.desk.test", "incomplete-chain", ["submit-ticket"]),
        ("kb.desk.test", "hostname-mismatch", ["knowledge-base"]),
        ("api.desk.test", "self-signed", ["account-info"]),
    ]


def test_blocked_journeys_stand_with_what_blocks_them(told: Told) -> None:
    login = next(f for f in fixes(told("private-ca")) if f.host == "auth.desk.test")
    assert (login.failed, login.blocked) == (["login"], ["account-info", "payment"])


def test_one_unknown_root_behind_all_failures_is_named(told: Told) -> None:
    assert private_root(told("private-ca")) == "CN=Acme Internal Root"
    assert private_root(told("failed")) == ""
    assert private_root(told("all-good")) == ""


def test_a_hosts_journeys_are_those_whose_own_steps_asked_for_it(told: Told) -> None:
    found = {h.host: h for h in hosts(told("all-good"))}
    assert found["files.desk.test"].journeys == ("upload-attachment", "download-attachment")
    assert found["chat.desk.test"].journeys == ("start-chat",)
    assert found["portal.desk.test"].single_point and not found["chat.desk.test"].single_point
    assert found["chat.desk.test"].days_left == 284


def test_single_points_of_failure_lead_the_calendar(told: Told) -> None:
    dated = calendar(told("failed"))
    assert dated[0].host == "portal.desk.test"
    rest = [h.expires for h in dated[1:] if h.expires]
    assert rest == sorted(rest)


def test_a_background_host_is_listed_and_blamed_for_nothing(told: Told) -> None:
    assert [(h.host, h.journeys) for h in background(told("failed"))] == [("analytics.example", ())]


def test_the_headline_says_what_the_run_came_to(told: Told) -> None:
    assert headline(told("all-good")) == "All 8 journeys work"
    assert headline(told("failed")) == "4 of 8 journeys fail because TLS fails"
    assert (
        headline(told("blocked-entry"))
        == "8 of 8 journeys are blocked: the app itself does not open, because TLS fails"
    )
    assert headline(told("nothing-found")) == "No journey was attempted"
    assert headline(told("cut-off")) == "No journey could be judged"


def test_the_headline_does_not_count_what_an_unused_login_blocks(told: Told) -> None:
    summary = told("failed")
    for view in summary.sessions:
        if "payment" in view.verdicts:
            known = view.verdicts["payment"]
            view.verdicts["payment"] = replace(known, verdict=Verdict.BLOCKED, cause="", blocked_by="login", reason="")
    assert {r.verdict for r in overview(summary) if r.journey == "payment"} == {Verdict.BLOCKED}
    assert headline(summary) == "4 of 8 journeys fail because TLS fails"


def test_the_headline_names_a_tls_failure_that_somebody_ran_into(told: Told) -> None:
    summary = told("all-good")
    summary.findings.append(Finding(Severity.HIGH, "tls-failure-met", "pressed", "help.test", 443, "expired"))
    assert headline(summary) == (
        "8 of 8 journeys work; somebody ran into a TLS failure at help.test, a host that no journey was seen to need"
    )
