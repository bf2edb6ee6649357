"""What is taken for an article's title, and what only stands near one."""

from __future__ import annotations

from explorer.policy.reading import article_score
from explorer.surfaces.scripted import screen_of
from tests.explorer.policy.parts import attempts, desk

PAGE = screen_of(
    [
        {"role": "link", "name": "Where is my order?", "href": "https://desk.test/#a1", "region": "main"},
        {"role": "link", "name": "Where is my order?", "href": "https://desk.test/kb/1", "region": "main"},
        {"role": "link", "name": "Imprint", "href": "https://desk.test/imprint", "region": "contentinfo"},
        {"role": "button", "name": "Leave this group", "region": "main"},
    ]
)


def test_a_question_that_opens_in_place_may_have_been_there_all_the_time() -> None:
    reader = attempts("knowledge-base")["knowledge-base"]
    in_place, page, imprint, leave = PAGE.elements
    assert article_score(reader, in_place, PAGE, desk) > 0 and article_score(reader, page, PAGE, desk) > 0
    assert article_score(reader, imprint, PAGE, desk) == article_score(reader, leave, PAGE, desk) == 0
    reader.known = {e.key for e in PAGE.elements}
    assert article_score(reader, in_place, PAGE, desk) > 0 == article_score(reader, page, PAGE, desk)


def test_what_unfolds_on_every_page_is_a_menu_once_the_door_has_led_elsewhere() -> None:
    menu = {"role": "button", "name": "Saved queries", "region": "", "hints": ["expands"]}
    home = screen_of([menu], address="https://desk.test/")
    there = screen_of(
        [menu, {"role": "link", "name": "Restarting a device", "region": "main"}], address="https://desk.test/kb"
    )
    reader = attempts("knowledge-base")["knowledge-base"]
    reader.known, reader.entered_at = {e.key for e in home.elements}, home.address
    assert article_score(reader, home.elements[0], home, desk) > 0
    assert [article_score(reader, e, there, desk) > 0 for e in there.elements] == [False, True]


def test_the_way_back_to_the_first_page_is_no_article() -> None:
    reader = attempts("knowledge-base")["knowledge-base"]
    made = [{"role": "link", "name": "Lamps", "href": f"https://desk.test/{path}"} for path in ("", "lamps", "#")]
    page = screen_of(made)
    home, topic, scripted = (article_score(reader, each, page, desk) for each in page.elements)
    assert home == 0 < topic == scripted
