"""An article may be short, if it opened where it was asked for; what only stands there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.surfaces.scripted import screen_of
from flows.recognise.articles import article, short_article
from flows.recognise.change import Change, wide_length
from flows.screen import Frame, Text

QUESTIONS = ["link: Can I pay by transfer?", "link: Where is my order?", "link: Start @navigation"]
FAQ = screen_of(QUESTIONS, address="https://a.test/faq")


def change(elements: list[str], texts: list[str], address: str = "https://a.test/faq", **facts: object) -> Change:
    return Change("article", FAQ, screen_of(elements, texts, address=address, **facts), ())


@pytest.mark.parametrize(
    "text",
    [
        "text: Yes. It takes two days.",
        "dialog: You see it under «My orders».",
        "listitem: 可以。需要两天时间，请稍候查看。",
    ],
)
def test_an_answer_of_one_line_opens_in_place(text: str) -> None:
    assert short_article(change(QUESTIONS, [text]))
    assert short_article(change(QUESTIONS, [text], "https://a.test/faq#a1"))


@pytest.mark.parametrize(
    "text",
    [
        "text: Loading the article, please wait",
        "text: Updated 3 days ago",
        "alert: Yes. It takes two days.",
        "text: Please wait…",
    ],
)
def test_what_stands_there_until_more_comes_is_no_answer(text: str) -> None:
    assert not short_article(change(QUESTIONS, [text]))


def test_a_page_of_one_line_is_an_article_if_it_bears_the_title_that_was_pressed() -> None:
    other = "https://a.test/kb/7"
    assert short_article(
        change(["link: Start"], ["heading: Where is my order?", "text: It is on its way to you."], other)
    )
    assert not short_article(change(["link: Start"], ["heading: Welcome", "text: It is on its way to you."], other))


def test_the_title_must_be_that_of_what_was_pressed_and_not_of_just_any_link() -> None:
    before = screen_of(["link: 3 minutes ago", "link: Timeline @navigation"], address="https://a.test/wiki")
    after = screen_of(["link: Start"], ["heading: Timeline", "text: See the guide for more about this view."])
    assert short_article(Change("article", before, after, (), "Timeline"))
    assert not short_article(Change("article", before, after, (), "3 minutes ago"))


def test_a_help_article_may_be_a_form_that_nobody_can_write_into() -> None:
    field = {"role": "textbox", "name": "Answer", "value": "Hold the button for ten seconds.", "readonly": True}
    after = screen_of([*QUESTIONS, field], address="https://a.test/faq")
    assert short_article(Change("article", FAQ, after, ())) == "Hold the button for ten seconds."


def test_it_is_not_read_while_more_is_to_come_nor_on_the_way_in() -> None:
    assert not short_article(change(QUESTIONS, ["text: Yes. It takes two days."], busy=True))
    after = screen_of(QUESTIONS, ["text: Yes. It takes two days."], address="https://a.test/faq")
    assert not short_article(Change("open", FAQ, after, ()))
    assert wide_length("两天") == 6


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("text: Last updated 2 minutes ago.", "text: Last updated 3 minutes ago."),
        ("text: Welcome to the desk.", "status: All systems are operational."),
    ],
)
def test_what_changes_by_itself_is_no_answer(before: str, after: str) -> None:
    stays = Change("article", screen_of(QUESTIONS, [before]), screen_of(QUESTIONS, [after]), ())
    assert not short_article(stays) and not article(stays)


def test_a_chat_that_greets_of_its_own_accord_is_no_answer() -> None:
    frames = (Frame("chat", "https://widget.test/", box=(900, 600, 300, 200)),)
    before = screen_of(QUESTIONS, frames=frames)
    said = Text("Hi there! How can we help you today?", "text", "chat")
    assert not short_article(Change("article", before, replace(before, texts=(said,)), ()))
