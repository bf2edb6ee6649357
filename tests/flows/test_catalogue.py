"""Every journey file is kept true by its own example screens; a new file needs no test code."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.journey import Example, Journey, JourneyError, choose, in_all_languages, load_catalogue, permit
from flows.recognise.entries import scored
from flows.recognise.forms import form_of
from flows.recognise.languages import languages
from flows.recognise.outcome import cues_after, natures
from flows.recognise.signs import SIGNS
from flows.screen import Element, Screen, Text

CATALOGUE = load_catalogue()
EIGHT = {
    "start-chat",
    "submit-ticket",
    "knowledge-base",
    "account-info",
    "login",
    "payment",
    "upload-attachment",
    "download-attachment",
}
LANGUAGES = set(languages().spoken)
EXAMPLES = [(j, e, f"{j.id}-{e.language}-{n}") for j in CATALOGUE for n, e in enumerate(j.examples)]
CASES = [pytest.param(j, e, id=name) for j, e, name in EXAMPLES]
TOLD = [pytest.param(j, e, id=name) for j, e, name in EXAMPLES if e.outcome]


def element(text: str, place: int) -> Element:
    role, _, name = text.partition(": ")
    kind = {"password": "password", "file": "file"}.get(role, "")
    return Element(
        f"e{place}", f"{text}|{place}", "textbox" if role == "password" else role, name, kind=kind, group="g"
    )


def screens(example: Example) -> tuple[Screen, Screen]:
    """Before and after: what comes may be texts or elements; a form that worked is gone."""
    elements = tuple(element(e, i) for i, e in enumerate(example.elements))
    before = Screen("https://a.test/", "a", elements, tuple(text(t) for t in example.texts), language=example.language)
    controls = ("link", "button", "textbox", "file", "checkbox")
    new = [a for a in example.after if a.split(":")[0] in controls]
    told = [a for a in example.after if a not in new and not a.startswith("download:")]
    kept = elements if example.outcome == "failure" or example.stage in ("say", "fetch") else ()
    fetched = sum(a.startswith("download:") for a in example.after)
    later = tuple(element(e, 50 + i) for i, e in enumerate(new))
    after = Screen(
        "https://a.test/next",
        "a",
        kept + later,
        before.texts + tuple(text(t) for t in told),
        language=example.language,
        downloads=fetched,
    )
    return before, after


def text(line: str) -> Text:
    role, _, words = line.partition(": ")
    return Text(words, role, live=role in ("alert", "status"))


def best(journey: Journey, screen: Screen) -> str:
    ranked = scored(journey.entry, screen)
    return f"{ranked[0][1].role}: {ranked[0][1].name}" if ranked else ""


def test_all_eight_are_there_each_once() -> None:
    assert {j.id for j in CATALOGUE} == EIGHT


@pytest.mark.parametrize("journey", CATALOGUE, ids=lambda j: j.id)
def test_a_journey_is_whole(journey: Journey) -> None:
    spoken = set().union(*(r.words.keys() for r in journey.entry))
    assert spoken >= LANGUAGES, f"entries lack {LANGUAGES - spoken}"
    assert set(journey.failure.words) >= LANGUAGES
    assert {e.language for e in journey.examples if e.picks} >= LANGUAGES
    assert {e.outcome for e in journey.examples} >= {"success", "failure"}
    assert set(journey.success.structure) <= {sign.name for sign in SIGNS}
    assert any(s.expects for s in journey.stages)


@pytest.mark.parametrize(("journey", "example"), CASES)
def test_an_example_is_recognised_by_its_own_journey_and_by_no_other(journey: Journey, example: Example) -> None:
    before, after = screens(example)
    if example.picks:
        assert best(journey, before) == example.picks
        for other in CATALOGUE:
            if other is not journey:
                assert best(other, before) != example.picks, f"{other.id} takes it too"
    if example.outcome:
        outcomes = {c.outcome for c in cues_after(journey, example.stage, before, after, ("trustwalk-test.png",))}
        assert outcomes >= {example.outcome} and outcomes <= {example.outcome, "detour"}


@pytest.mark.parametrize(("journey", "example"), TOLD)
def test_what_was_there_before_is_no_sign(journey: Journey, example: Example) -> None:
    _, after = screens(example)
    assert not [c for c in cues_after(journey, example.stage, after, after) if c.outcome != "detour"]


def test_every_form_that_a_stage_names_is_known() -> None:
    ticket = screens(Example(language="en", elements=("textbox: Subject", "textbox: Message", "button: Send")))[0]
    form = form_of(ticket, *natures("ticket"))
    assert form is not None and [f.name for f in form.fields] == ["Subject", "Message"]


def test_a_folder_of_ones_own_adds_and_replaces(tmp_path: Path) -> None:
    own = "id: book-visit\ntitle: Book a visit\nentry: [{words: {en: [book a visit]}}]\nstages: [{id: open, do: tap}]\nsuccess: {}\n"
    (tmp_path / "visit.yml").write_text(own, encoding="utf-8")
    (tmp_path / "login.yaml").write_text(own.replace("book-visit", "login"), encoding="utf-8")
    loaded = {j.id: j for j in load_catalogue((tmp_path,))}
    assert loaded.keys() == EIGHT | {"book-visit"}
    assert loaded["login"].title == "Book a visit"
    assert loaded["login"].entry[0].words == {"en": ("book a visit",)}, "words of the shipped one have no place in it"


def test_a_journey_of_the_catalogue_may_bring_words_beside_those_of_the_languages() -> None:
    own = {"id": "login", "title": "x", "entry": [{"words": {"en": ["get me in"], "xx": ["ni"]}}, {"hints": ["auth"]}]}
    journey = in_all_languages(
        Journey.model_validate({**own, "stages": [], "success": {"words": {"en": ["you are in"]}}})
    )
    words = journey.entry[0].words
    assert words["en"] == ("get me in", *languages().spoken["en"].journeys["login"].entry) and words["xx"] == ("ni",)
    assert not journey.entry[1].words and journey.success.words == {"en": ("you are in",)} and journey.failure.words


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("id: x\ntitle: X\nstages: []\nsuccess: {}\n", "entry"),
        ("id: x\ntitle: X\nentry: []\nstages: [{id: a, do: fly}]\nsuccess: {}\n", "stages.0.do"),
        ("id: x\ntitle: X\nentry: [{words: {en: ['(']}}]\nstages: []\nsuccess: {}\n", "entry.0.words"),
        ("id: [\n", "YAML"),
        ("colour: red\n", "x.yml"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(tmp_path: Path, content: str, named: str) -> None:
    (tmp_path / "x.yml").write_text(content, encoding="utf-8")
    with pytest.raises(JourneyError) as caught:
        load_catalogue((tmp_path,))
    assert named in str(caught.value) and "x.yml" in str(caught.value)


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(JourneyError, match="cannot be read"):
        load_catalogue((tmp_path / "none",))


def test_an_unknown_id_lists_the_known_ones() -> None:
    with pytest.raises(JourneyError, match=r"«fly».*account-info.*upload-attachment"):
        choose(CATALOGUE, ["login", "fly"])
    assert [j.id for j in choose(CATALOGUE, ["payment", "login"])] == ["payment", "login"]


def test_a_permission_lets_a_journey_go_to_its_end() -> None:
    stops = {j.id: j.stops_before for j in permit(CATALOGUE, {"payment"})}
    assert stops["payment"] == "" and {j.id: j.stops_before for j in permit(CATALOGUE, ())}["payment"] == "pay"
