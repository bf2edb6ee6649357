"""What else than TLS can have made a journey fail is told in words, and hosts of others are not blamed."""

from __future__ import annotations

from dataclasses import replace

from flows.judge.other_failure import another_failure, away, cut_short
from flows.signals import Family
from flows.step import Cue
from tests.flows.builders import opening, other_failure, request, session, step

CUT = "a download was stopped at 100 MB"
SHOP, VENDOR = "api.desk.test", "handbook.vendor.example"


def test_a_limit_of_ours_counts_at_the_failed_step_alone() -> None:
    quiet, cut = step(1), step(2, cut=CUT)
    assert cut_short([quiet, cut], step(3)) == CUT
    assert cut_short([cut, step(3, failure="Sorry")], step(3, failure="Sorry")) == ""
    assert cut_short([cut], replace(cut, seen="spinner")) == CUT


def test_a_server_error_during_the_steps_is_told_with_its_host() -> None:
    log = session([opening(), step(1)], request("r", 10.2, SHOP, outcome="http-error", status=503))
    assert another_failure(log, log.steps[1:], {}) == f"{SHOP} answered with HTTP 503"
    assert another_failure(log, log.steps[:1], {}) == ""


def test_a_crash_is_told_and_a_host_of_others_that_cannot_be_reached_is_not() -> None:
    log = session([opening(), step(1)], other_failure("n", 10.2, Family.NETWORK, VENDOR, "net::ERR_NAME_NOT_RESOLVED"))
    assert another_failure(log, log.steps, {}) == ""
    log = session([opening(), step(1)], other_failure("n", 10.2, Family.NETWORK, SHOP, "net::ERR_CONNECTION_REFUSED"))
    assert another_failure(log, log.steps, {}) == f"net::ERR_CONNECTION_REFUSED {SHOP}"
    log = session([opening(), step(1)], other_failure("c", 10.2, Family.CRASH, error="the page crashed"))
    assert another_failure(log, log.steps, {}) == "the page crashed"


def test_a_link_to_another_site_that_is_down_says_nothing_about_this_app() -> None:
    refused = Cue("knowledge-base", "failure", "error-page", "This site can’t be reached")
    shown = replace(step(1), cues=(refused,), address=f"https://{VENDOR}/book")
    log = session([opening(), shown], other_failure("n", 10.2, Family.NETWORK, VENDOR, "net::ERR_NAME_NOT_RESOLVED"))
    assert away(log, [shown], {}) == VENDOR
    assert away(log, [replace(shown, address=f"https://{SHOP}/book")], {}) == ""
    assert away(replace(log, signals=()), [shown], {}) == ""
