"""What is amiss on an Android screen: from its UI tree, and from a picture of it."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from explorer.surfaces.android.audit import TARGET, contrast, faint, flaws
from explorer.surfaces.android.screen import Parsed, Place
from flows.flaw import Weight
from tests.explorer.surfaces.android.test_screen import W, node, parse

LOW = "[0,300][1080,380]"  # 40 dp high at two pixels per dp


def told(parsed: Parsed) -> list[tuple[str, str]]:
    return [(f.rule, f.control) for f in flaws(parsed)]


def test_a_control_that_a_screen_reader_cannot_name_is_told_by_its_id() -> None:
    bare = node(W + "ImageButton", clickable="true", rid="test.app:id/more")
    assert told(parse(bare)) == [("accessibility/name", "button «more»")]
    for named in ({"text": "More"}, {"desc": "More"}):
        assert told(parse(node(W + "ImageButton", clickable="true", rid="test.app:id/more", **named))) == []
    assert told(parse(node(W + "LinearLayout", node(W + "TextView", text="My files"), clickable="true"))) == []


def test_a_field_is_named_by_its_hint_or_by_the_label_above_it() -> None:
    assert told(parse(node(W + "EditText", clickable="true", hint="E-mail"))) == []
    label = node(W + "TextView", text="Address", bounds="[0,200][1080,290]")
    assert told(parse(label, node(W + "EditText", clickable="true"))) == []
    assert told(parse(node(W + "EditText", clickable="true"))) == [("accessibility/name", "textbox")]


def test_a_target_below_48_dp_is_told_with_its_size() -> None:
    (flaw,) = flaws(parse(node(W + "Button", clickable="true", text="Go", bounds=LOW)))
    assert (flaw.rule, flaw.weight, flaw.detail) == ("accessibility/touch-target", Weight.MODERATE, "540 × 40 dp")
    assert (
        list(flaws(parse(node(W + "Button", clickable="true", text="Go", bounds=f"[0,300][1080,{300 + 2 * TARGET}]"))))
        == []
    )


def test_what_is_switched_off_or_cut_off_by_its_list_is_no_small_target() -> None:
    assert told(parse(node(W + "Button", clickable="true", text="Go", bounds=LOW, enabled="false"))) == []
    row = node(W + "Button", clickable="true", text="Go", bounds=LOW)
    assert told(parse(node(W + "ScrollView", row, scrollable="true", bounds="[0,100][1080,380]"))) == []
    inside = node(W + "ScrollView", row, scrollable="true", bounds="[0,100][1080,900]")
    assert told(parse(inside)) == [("accessibility/touch-target", "button «Go»")]


def picture(ink: str, ground: str = "#ffffff") -> bytes:
    image = Image.new("RGB", (1080, 2280), ground)
    ImageDraw.Draw(image).text((40, 340), "Prices without tax", fill=ink, font_size=48)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("ink", "ground", "is_faint"),
    [
        ("#c8c8c8", "#ffffff", True),
        ("#444444", "#303030", True),
        ("#000000", "#ffffff", False),
        ("#ffffff", "#1a56b0", False),
        ("#767676", "#ffffff", False),
        ("#ffffff", "#ffffff", False),
    ],
)
def test_text_that_no_size_would_make_readable_is_faint(ink: str, ground: str, is_faint: bool) -> None:
    parsed = parse(node(W + "Button", clickable="true", text="Prices without tax"))
    assert [f.rule for f in faint(parsed, picture(ink, ground))] == ["accessibility/contrast"] * is_faint


def test_a_control_that_is_off_may_be_faint_and_one_that_is_on_says_so() -> None:
    grey = picture("#c8c8c8")
    off = parse(node(W + "Button", clickable="true", text="Prices without tax", enabled="false"))
    assert list(faint(off, grey)) == []
    on = parse(node(W + "CheckBox", clickable="true", checkable="true", checked="true", text="Prices without tax"))
    assert [f.text for f in faint(on, grey)] == ["Its text has too little contrast at any size while it is on"]


def test_what_is_no_picture_or_out_of_it_tells_nothing() -> None:
    parsed = parse(node(W + "Button", clickable="true", text="Go"))
    assert list(faint(parsed, b"no picture")) == []
    assert contrast(Image.new("RGB", (10, 10)), Place((50, 50, 20, 20), "", "")) is None
