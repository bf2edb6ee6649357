"""The texts of a page's boxes, out of the browser's answer."""

from __future__ import annotations

from explorer.surfaces.web.painted import texts_of


def test_texts_of_boxes_are_told_and_other_strings_are_not() -> None:
    layout = {"layout": {"text": [1, -1, 2]}}
    told = {"strings": ["hidden", "shown", "too"], "documents": [layout, {}]}
    assert [*filter(None, texts_of(told))] == ["shown", "too"] and list(texts_of({})) == []


def test_a_field_tells_what_stands_in_it_unless_it_hides_that() -> None:
    strings = ["type", "password", "text", "typed", "placeholder", "say it"]
    nodes = {"attributes": [[0, 1, 4, 5], [0, 2], [0, 2]], "inputValue": {"index": [0, 1, 2], "value": [3, 3, 3]}}
    told = {"strings": strings, "documents": [{"nodes": nodes, "layout": {"nodeIndex": [0, 1]}}]}
    assert [*filter(None, texts_of(told))] == ["say it", "typed"]
