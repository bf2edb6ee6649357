"""Page sources of UiAutomator2 → screens."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

import pytest

from explorer.surfaces.android.screen import Parsed, Unreadable, read
from flows.screen import Element, Text


def node(name: str, *children: str, **attributes: str) -> str:
    """An XML node; `rid` and `desc` stand for resource-id and content-desc, bounds default to a row of their own."""
    names = {"rid": "resource-id", "desc": "content-desc"}
    given = {"class": name, "package": "test.app", "bounds": "[0,300][1080,450]", "displayed": "true", **attributes}
    written = " ".join(f"{names.get(k, k)}={quoteattr(v)}" for k, v in given.items())
    return f"<{name} {written}>{''.join(children)}</{name}>"


def parse(*nodes: str, density: float = 2.0, activity: str = ".Main") -> Parsed:
    source = f'<?xml version="1.0"?><hierarchy width="1080" height="2280">{"".join(nodes)}</hierarchy>'
    return read(source, density=density, activity=activity, language="en")


def only(parsed: Parsed) -> Element:
    (element,) = parsed.screen.elements
    return element


def text(parsed: Parsed) -> Text:
    (found,) = parsed.screen.texts
    return found


W = "android.widget."


@pytest.mark.parametrize(
    ("name", "role"),
    [
        (W + "Button", "button"),
        (W + "ImageButton", "button"),
        ("com.google.android.material.button.MaterialButton", "button"),
        (W + "EditText", "textbox"),
        ("com.google.android.material.textfield.TextInputEditText", "textbox"),
        (W + "CheckBox", "checkbox"),
        (W + "RadioButton", "radio"),
        (W + "Switch", "switch"),
        (W + "Spinner", "combobox"),
        (W + "SeekBar", "slider"),
        (W + "LinearLayout", "clickable"),
        ("android.view.View", "clickable"),
    ],
)
def test_classes_have_roles(name: str, role: str) -> None:
    assert only(parse(node(name, clickable="true", text="Go"))).role == role


def test_a_row_is_named_by_what_it_holds_and_what_it_holds_is_no_text_of_its_own() -> None:
    parsed = parse(
        node(
            W + "LinearLayout",
            node(W + "TextView", text="Invoice"),
            node(W + "TextView", text="49 €"),
            clickable="true",
        )
    )
    assert only(parsed).name == "Invoice 49 €"
    assert parsed.screen.texts == ()


def test_a_compose_button_is_a_view_with_a_text_inside() -> None:
    assert (
        only(parse(node("android.view.View", node(W + "TextView", text="Sign in"), clickable="true"))).name == "Sign in"
    )


def test_a_field_shows_its_hint_as_name_and_not_as_value() -> None:
    empty = only(parse(node(W + "EditText", text="E-mail", hint="E-mail", rid="test.app:id/email")))
    assert (empty.name, empty.value, empty.hints) == ("E-mail", "", ("email", "E-mail"))
    full = only(parse(node(W + "EditText", text="a@b.test", hint="E-mail")))
    assert (full.name, full.value) == ("E-mail", "a@b.test")


def test_a_field_without_a_hint_is_named_by_the_label_above_it() -> None:
    parsed = parse(
        node(W + "TextView", text="Your name", bounds="[0,200][500,260]"),
        node(W + "EditText", text="", bounds="[0,270][1080,400]"),
    )
    assert only(parsed).name == "Your name"


def test_a_password_is_one_by_kind() -> None:
    assert only(parse(node(W + "EditText", text="•••", hint="Password", password="true"))).kind == "password"


@pytest.mark.parametrize(
    "words", ["Choose a file", "Attach screenshot", "Datei auswählen", "Joindre un fichier", "ファイルを選択"]
)
def test_what_asks_for_a_file_is_a_file_chooser(words: str) -> None:
    assert only(parse(node(W + "Button", text=words, clickable="true"))).role == "file"


@pytest.mark.parametrize("words", ["Send a screenshot", "Download file", "My documents"])
def test_what_only_speaks_of_files_is_not(words: str) -> None:
    assert only(parse(node(W + "Button", text=words, clickable="true"))).role == "button"


def test_texts_have_the_role_of_their_place() -> None:
    assert text(parse(node(W + "TextView", text="Inbox", rid="test.app:id/toolbar_title"))).role == "heading"
    failed = text(parse(node(W + "TextView", text="Failed", rid="test.app:id/snackbar_text")))
    assert failed.role == "alert" and failed.live
    chat = node(
        "androidx.recyclerview.widget.RecyclerView", node(W + "TextView", text="Hello"), rid="test.app:id/messages"
    )
    assert text(parse(chat)).role == "log"
    rows = node(W + "ListView", node(W + "TextView", text="Hello"))
    assert text(parse(rows)).role == "listitem"
    assert text(parse(node(W + "TextView", text="Plain"))).role == "text"


def test_boxes_are_in_dp_and_places_in_pixels() -> None:
    parsed = parse(node(W + "Button", text="Go", clickable="true", bounds="[100,300][500,400]"))
    assert only(parsed).box == (50, 150, 200, 50)
    assert parsed.places[only(parsed).ref].centre == (300, 350)
    assert parsed.screen.viewport == (540, 1140)


def test_xpaths_lead_back_to_the_node() -> None:
    parsed = parse(
        node(
            W + "FrameLayout",
            node(W + "Button", text="A", clickable="true"),
            node(W + "TextView", text="x"),
            node(W + "Button", text="B", clickable="true"),
        )
    )
    places = {e.name: parsed.places[e.ref].xpath for e in parsed.screen.elements}
    assert places["B"] == f"/hierarchy/{W}FrameLayout[1]/{W}Button[2]"


def test_like_elements_have_keys_of_their_own_that_stay() -> None:
    rows = [node(W + "Button", text="Open", clickable="true") for _ in range(3)]
    first, second = parse(*rows), parse(*rows)
    assert len({e.key for e in first.screen.elements}) == 3
    assert [e.key for e in first.screen.elements] == [e.key for e in second.screen.elements]


def test_a_spinner_is_busy_and_a_slider_is_not() -> None:
    assert parse(node(W + "ProgressBar")).screen.busy
    assert not parse(node(W + "SeekBar", clickable="true", text="x")).screen.busy


def test_what_is_not_displayed_is_not_there() -> None:
    assert parse(node(W + "Button", text="Go", clickable="true", displayed="false")).screen.blank


@pytest.mark.parametrize(
    ("rid", "kind"),
    [
        ("android:id/aerr_close", "crash"),
        ("android:id/aerr_wait", "anr"),
        ("com.android.permissioncontroller:id/permission_allow_button", "permission"),
    ],
)
def test_dialogs_of_the_system_are_told_apart(rid: str, kind: str) -> None:
    parsed = parse(
        node(W + "TextView", text="Something of the system"), node(W + "Button", text="OK", clickable="true", rid=rid)
    )
    assert parsed.system == kind
    assert parsed.screen.dialog == "Something of the system" and not parsed.screen.elements
    assert rid.rpartition("/")[2] in parsed.buttons


def test_a_web_view_is_a_frame_with_its_error() -> None:
    failed = node(
        "android.webkit.WebView",
        node("android.view.View", text="net::ERR_CERT_DATE_INVALID"),
        text="Web page",
        rid="test.app:id/web",
    )
    (frame,) = parse(failed).screen.frames
    assert frame.error == "net::ERR_CERT_DATE_INVALID" and not frame.blank
    (blank,) = parse(node("android.webkit.WebView", text="")).screen.frames
    assert blank.blank
    inside = parse(
        node("android.webkit.WebView", node("android.widget.Button", text="Pay", clickable="true"), text="Shop")
    )
    assert only(inside).frame == inside.screen.frames[0].key


@pytest.mark.parametrize("source", ["", "<html", '<!DOCTYPE x [<!ENTITY a "b">]><hierarchy/>', "\x00\x01"])
def test_what_is_no_page_source_is_refused(source: str) -> None:
    with pytest.raises(Unreadable):
        read(source)


def test_a_huge_tree_is_cut_and_says_so() -> None:
    parsed = parse(*(node(W + "TextView", text=str(n)) for n in range(5000)))
    assert parsed.screen.truncated and len(parsed.screen.texts) == 4000


def test_strange_bounds_harm_nobody() -> None:
    assert only(parse(node(W + "Button", text="Go", clickable="true", bounds="[x][y]"))).box == (0, 0, 0, 0)


@pytest.mark.parametrize("rid", ["permission_allow_all_button", "permission_allow_selected_button"])
def test_the_photo_permission_of_android_14_is_a_dialog_of_the_system(rid: str) -> None:
    name = f"com.android.permissioncontroller:id/{rid}"
    node = f'<node class="android.widget.Button" text="Allow all" resource-id="{name}" clickable="true" bounds="[0,0][9,9]"/>'
    assert read(f"<hierarchy>{node}</hierarchy>").system == "permission"
