"""The answers to a customer and to a team say who has to do what, in every language, and no more than is known."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, get_args

import pytest

from flows.diagnosis import Cause
from flows.incident import Finding, Severity, Verdict
from reports.reply import SIDES, Now, Side, Words, languages, render
from reports.summary import Summary

Told = Callable[[str], Summary]


def answers(text: str, language: str) -> dict[str, str]:
    """The answers of one language by their titles, with each run of white space as one blank."""
    lines = text.splitlines()
    heads = [n for n, line in enumerate(lines) if n + 1 < len(lines) and set(lines[n + 1]) == {"-"}]
    ends = [*heads[1:], len(lines)]
    found = {lines[n]: " ".join("\n".join(lines[n + 2 : end]).split()) for n, end in zip(heads, ends, strict=True)}
    return {title.removeprefix(f"{language} – "): body for title, body in found.items() if title.startswith(language)}


def test_the_customer_learns_what_failed_why_and_who_has_to_act(told: Told) -> None:
    body = answers(render(told("failed")), "English")["To the customer, about chat.desk.test"]
    assert "«Start a chat» did not work, because no secure connection to chat.desk.test could be made." in body
    assert "The reason: the server's certificate has expired." in body
    assert "you cannot change it yourself" in body


def test_the_team_gets_the_cause_the_lines_and_the_check(told: Told) -> None:
    team = answers(render(told("failed")), "English")["To the team that runs chat.desk.test"]
    assert "Cause: the server's certificate has expired (expired)" in team
    assert "certbot renew --cert-name chat.desk.test" in team
    assert "Check the result: trustwalk probe chat.desk.test" in team


def test_german_has_the_same_answers_with_its_own_names_of_journeys(told: Told) -> None:
    text = render(told("failed"))
    english, german = answers(text, "English"), answers(text, "Deutsch")
    assert len(english) == len(german) > 1
    team = german["An das Team, das chat.desk.test betreibt"]
    assert "«der Chat»" in team and "Start a chat" not in team
    assert "Ursache: das Zertifikat des Servers ist abgelaufen (expired)" in team


def test_where_the_cause_is_open_all_are_named_and_no_remedy_is(told: Told) -> None:
    summary = told("failed")
    place = ("chat.desk.test", 443)
    open_ = replace(summary.diagnoses[place], causes=(Cause.EXPIRED, Cause.CLOCK_SKEW), alternatives=True)
    summary.diagnoses[place] = open_
    team = answers(render(summary), "English")["To the team that runs chat.desk.test"]
    assert "the evidence does not tell which: - the server's certificate has expired - date or time" in team
    assert "certbot" not in team and team.endswith("To find out which: trustwalk probe chat.desk.test")


def test_a_recording_that_names_no_journey_is_answered_for_its_hosts(told: Told) -> None:
    summary = told("failed")
    summary.run = replace(summary.run, options={"read_from": "the packet capture"})
    for view in summary.sessions:
        view.verdicts.clear()
    found = answers(render(summary), "English")
    customer, team = found["To the customer, about chat.desk.test"], found["To the team that runs chat.desk.test"]
    assert customer.startswith(
        "Thank you for what you sent us. It shows that no secure connection to chat.desk.test could"
    )
    assert team.startswith(
        "No TLS connection to chat.desk.test could be made. Cause: the server's certificate has expired"
    )


def test_where_nothing_failed_that_is_all_that_is_said(told: Told) -> None:
    assert set(answers(render(told("all-good")), "English")) == {"Nothing to answer"}


@pytest.mark.parametrize("kind", get_args(Now))
def test_what_became_of_the_host_since_is_told_with_the_time_of_asking(told: Told, kind: Now) -> None:
    summary = told("failed")
    summary.run = replace(summary.run, options={"read_at": 1_796_000_000.0})
    summary.findings.append(Finding(Severity.INFO, kind, "…", "chat.desk.test", 443))
    text = render(summary)
    for words, customer, team in zip(
        languages(),
        ("To the customer, about chat.desk.test", "An die Kundin oder den Kunden, zu chat.desk.test"),
        ("To the team that runs chat.desk.test", "An das Team, das chat.desk.test betreibt"),
        strict=True,
    ):
        found = answers(text, words.language)
        assert words.now[kind].format(moment="2026-11-30 00:53 UTC") in found[customer]
        assert words.team.now[kind].format(moment="2026-11-30 00:53 UTC") in found[team]
        assert (words.advice["server"] in found[customer]) == (kind == "still-broken"), (
            "no change is asked for what works"
        )


def test_a_journey_that_went_on_in_spite_of_a_failure_is_not_told_as_failed(told: Told) -> None:
    summary = told("failed")
    for view in summary.sessions:
        view.verdicts = {
            name: replace(v, verdict=Verdict.DEGRADED) if v.verdict is Verdict.FAILED else v
            for name, v in view.verdicts.items()
        }
    assert "«Start a chat»" not in render(summary)


def test_hostile_text_stays_on_its_line(told: Told) -> None:
    assert "\u202e" not in render(told("hostile"))


def places(value: object) -> list[str]:
    """The names of the places that a text fills in, in order."""
    return [name for _, name, _, _ in string.Formatter().parse(str(value)) if name is not None]


@pytest.mark.parametrize("words", languages(), ids=lambda words: words.language)
def test_every_language_has_every_sentence_with_the_same_places(words: Words) -> None:
    def shape(data: Mapping[str, Any]) -> dict[str, Any]:
        return {key: shape(each) if isinstance(each, dict) else places(each) for key, each in data.items()}

    kept = {"journeys", "language", "list"}
    ours, english = (shape(one.model_dump(mode="json", exclude=kept)) for one in (words, languages()[0]))
    assert ours == english
    assert set(words.causes) == set(Cause)
    assert set(words.advice) == set(get_args(Side)) >= set(SIDES.values())
    assert set(words.now) == set(get_args(Now))
