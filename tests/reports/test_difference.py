from __future__ import annotations

from collections.abc import Callable

from flows.incident import Finding, Severity
from reports.difference import compare, document, outcomes, render
from reports.failures import Difference, Failure, Outcomes
from reports.json_file import document as report
from reports.summary import Summary

Told = Callable[[str], Summary]


def run(*failures: tuple[str, str, str], worked: tuple[str, ...] = ()) -> Outcomes:
    made = tuple(Failure(journey, "desktop", "failed", cause, host, ("curious",)) for journey, cause, host in failures)
    return Outcomes(made, frozenset((journey, "desktop") for journey in worked))


CHAT = ("start-chat", "expired", "chat.test")
TICKET = ("submit-ticket", "self-signed", "tickets.test")


def names(difference: Difference) -> dict[str, list[str]]:
    plain = document(difference)
    return {
        k: [f["to"]["journey"] if k == "moved" else f["journey"] for f in plain[k]]
        for k in plain
        if k != "schema" and plain[k]
    }


def test_what_fails_now_and_did_not_before_is_new_and_fails() -> None:
    found = compare(run(CHAT), run(CHAT, TICKET))
    assert names(found) == {"new": ["submit-ticket"], "unchanged": ["start-chat"]}
    assert found.exit_code == 1


def test_what_works_again_is_fixed() -> None:
    found = compare(run(CHAT), run(worked=("start-chat",)))
    assert names(found) == {"fixed": ["start-chat"]}
    assert found.exit_code == 0


def test_what_was_not_tried_this_time_is_not_called_fixed() -> None:
    assert names(compare(run(CHAT), run())) == {"unseen": ["start-chat"]}


def test_another_cause_or_host_for_the_same_journey_has_moved() -> None:
    found = compare(run(CHAT), run(("start-chat", "self-signed", "chat.test")))
    assert names(found) == {"moved": ["start-chat"]}
    assert found.exit_code == 0


def test_a_second_fault_beside_an_old_one_is_new() -> None:
    found = compare(run(CHAT), run(CHAT, ("start-chat", "expired", "cdn.test")))
    assert names(found) == {"new": ["start-chat"], "unchanged": ["start-chat"]}


def test_a_run_against_itself_has_nothing_new_from_the_journal_or_from_its_report(told: Told) -> None:
    summary = told("failed")
    from_journal, from_file = outcomes(summary), outcomes(report(summary))
    assert from_journal == from_file
    assert names(compare(from_journal, from_file)) == {"unchanged": [f.journey for f in from_journal.failures]}


def test_the_lines_name_journey_cause_and_host(told: Told) -> None:
    text = render(compare(outcomes(told("all-good")), outcomes(told("failed"))))
    assert text.startswith("New (4)\n")
    assert "  start-chat on desktop (failed): Certificate has expired at chat.desk.test\n" in text
    assert render(compare(run(), run())) == "No failures in either run.\n"


def test_a_loss_that_becomes_a_failure_counts_and_the_other_way_round_does_not() -> None:
    def one(verdict: str) -> Outcomes:
        return Outcomes((Failure("start-chat", "desktop", verdict, "expired", "chat.test", ("curious",)),), frozenset())

    worse, better = compare(one("degraded"), one("failed")), compare(one("failed"), one("degraded"))
    assert (names(worse), names(better)) == ({"moved": ["start-chat"]}, {"moved": ["start-chat"]})
    assert (worse.exit_code, better.exit_code) == (1, 0)


def test_a_new_loss_is_told_and_fails_nothing_by_itself() -> None:
    found = compare(
        run(), Outcomes((Failure("pay", "desktop", "degraded", "expired", "cdn.test", ("curious",)),), frozenset())
    )
    assert (names(found), found.exit_code) == ({"new": ["pay"]}, 0)


def test_a_tls_failure_that_somebody_ran_into_is_new_once() -> None:
    old = run(CHAT)
    new = Outcomes(old.failures, old.worked, frozenset({("expired", "chat.test"), ("expired", "help.test")}))
    found = compare(old, new)
    assert found.met == (("expired", "help.test"),)  # the chat's host was known to be broken
    assert found.exit_code == 1
    assert "help.test" in render(found)
    assert compare(new, new).met == ()
    assert document(found)["met"] == [{"cause": "expired", "host": "help.test"}]


def test_what_somebody_ran_into_is_read_from_a_journal_and_from_a_file_alike(told: Told) -> None:
    summary = told("failed")
    summary.findings.append(Finding(Severity.HIGH, "tls-failure-met", "pressed", "help.test", 443, "expired"))
    summary.findings.append(Finding(Severity.MEDIUM, "tls-failure-met", "pressed", "other.test", 443, "expired"))
    assert outcomes(summary).met == {("expired", "help.test")}
    assert outcomes(report(summary)).met == outcomes(summary).met
