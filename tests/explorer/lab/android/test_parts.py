"""The virtual device's parts by themselves: shell lines, log formats, files, windows, pictures."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest
from PIL import Image

from explorer.lab.android import traces
from explorer.lab.android.commands import _logcat_options
from explorer.lab.android.device import VirtualDevice
from explorer.lab.android.display import BACK, HOME, Dialog, Display, button, system_dialog
from explorer.lab.android.logs import MAX_PAYLOAD, Line, Log, render
from explorer.lab.android.phone import Phone
from explorer.lab.android.picture import png
from explorer.lab.android.reverse import Reverse
from explorer.lab.android.shell import _parts, _words
from explorer.lab.android.syncing import Files
from explorer.lab.android.widgets import HEIGHT, Widget, Window, lay_out, source
from explorer.lab.android.wire import Stream, StreamClosed
from explorer.monitors.logs.line import LineParser


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("getprop a", [(";", "getprop a")]),
        ("a;b && c || d", [(";", "a"), (";", "b "), ("&&", " c "), ("||", " d")]),
        ("echo 'a;b' \"c&&d\"", [(";", "echo 'a;b' \"c&&d\"")]),
        ("echo a\\;b", [(";", "echo a\\;b")]),
    ],
)
def test_shell_lines_are_taken_apart_outside_quotes(line: str, parts: list[tuple[str, str]]) -> None:
    assert _parts(line) == parts


def test_redirections_and_tests_are_words_of_their_own() -> None:
    assert _words("exec logcat '-v' 'threadtime' 2>&1") == (["logcat", "-v", "threadtime"], False)
    assert _words("ls /nowhere 2>/dev/null") == (["ls", "/nowhere"], True)
    assert _words("[ -e '/data/x' ]")[0] == ["test", "-e", "/data/x"]


def test_logcats_options() -> None:
    assert _logcat_options("-b main,crash -v threadtime -v epoch -T 1700000000.5".split()) == (
        {"threadtime", "epoch"},
        ("main", "crash"),
        None,
        1700000000.5,
    )
    assert _logcat_options(["-d", "-t", "5"])[2] == 5


@pytest.mark.parametrize(
    "formats", [{"threadtime"}, {"threadtime", "epoch"}, {"threadtime", "year", "UTC"}, {"time"}, {"brief"}]
)
def test_every_format_is_one_that_the_log_reader_knows(formats: set[str]) -> None:
    line = LineParser().parse(
        1, render(Line(1, 1_700_000_000.25, "main", 77, 78, "W", "Api", "it failed"), formats).rstrip("\n")
    )
    assert (line.pid, line.level, line.tag, line.text) == ("77", "W", "Api", "it failed")


async def test_a_long_trace_is_split_as_android_splits_it_and_a_huge_line_is_cut() -> None:
    log = Log(time.time)
    log.throwable("Api", 7, "\n".join(f"\tat test.Frame.number{n}(Frame.java:{n})" for n in range(400)))
    assert len(log.since(0, ("main",))) == 400
    log.write("I", "Api", 7, "x" * 10_000)
    assert len(log.since(0, ("main",))[-1].text) == MAX_PAYLOAD


async def test_a_stalled_log_is_silent_until_it_goes_on() -> None:
    log = Log(time.time)
    log.stalled = True
    waiting = asyncio.get_running_loop().create_task(log.wait(0))
    log.write("I", "Api", 7, "unheard")
    for _ in range(3):  # let it look once more
        await asyncio.sleep(0)
        assert not waiting.done()
    log.resume()
    await waiting


async def test_reverse_ports_are_listed_and_removed() -> None:
    async def open_back(service: str) -> Stream:
        raise StreamClosed(service)

    reverse = Reverse()
    assert await reverse.ask("forward:tcp:7001;tcp:9", open_back) == b"OKAY"
    assert await reverse.ask("list-forward", open_back) == b"0019(reverse) tcp:7001 tcp:9\n"
    reader, writer = await reverse.connect(7001)
    assert await reader.read() == b"", "the other side refused"
    writer.close()
    await writer.wait_closed()
    assert await reverse.ask("killforward:tcp:7001", open_back) == b"OKAY"
    assert (await reverse.ask("killforward:tcp:7001", open_back)).startswith(b"FAIL")
    with pytest.raises(ConnectionRefusedError):
        await reverse.connect(7001)


def test_recorded_traces_bear_the_platforms_class_names() -> None:
    for name in ("expired", "self_signed", "weak_cipher", "tls1_0_only", "plain_http", "reset", "close_after_hello"):
        trace = traces.recorded(name)
        assert " org.conscrypt." not in trace and "java.base/" not in trace and "Probe" not in trace


def test_files_know_both_names_of_the_shared_storage() -> None:
    files = Files()
    files.put("/storage/emulated/0/Download/a.txt", b"one")
    assert list(files.inside("/sdcard/Download")) == ["a.txt"]
    assert files.stat("/sdcard/Download")[0] and not files.stat("/sdcard/Download/b.txt")[0]


class Pages:
    """An app of two screens."""

    def __init__(self) -> None:
        self.deep = False
        self.text = ""

    def start(self) -> None:
        """Nothing to do."""

    def set_text(self, text: str) -> None:
        self.text = text

    def go(self) -> None:
        self.deep = True

    def window(self) -> Window:
        rows = [Widget("Button", f"Row {n}", f"row{n}", tap=self.go) for n in range(30 if self.deep else 1)]
        return Window(
            "test.app",
            "test.app.Main",
            [Widget("EditText", self.text, "field", hint="Name", set_text=self.set_text), *rows],
        )

    def back(self) -> bool:
        was, self.deep = self.deep, False
        return was


@pytest.fixture
def display() -> Display:
    return Display(app=Pages())


def where(display: Display, text: str) -> tuple[int, int]:
    for placed in display.laid_out()[1]:
        if text in {placed.widget.text, placed.widget.hint}:
            x, y, width, height = placed.box
            return x + width // 2, y + height // 2
    raise AssertionError(text)


def test_a_tap_goes_to_what_lies_there_and_typing_to_the_focus(display: Display) -> None:
    display.type_text("unheard")
    display.touch(*where(display, "Name"))
    display.type_text("Ana")
    assert 'text="Ana"' in source(display.laid_out()[0]) and display.focused == "field"


def test_back_closes_keyboard_then_dialog_then_screens_then_the_app(display: Display) -> None:
    display.touch(*where(display, "Row 0"))
    dialog = system_dialog("android", "Dialog", "Really?")
    dialog.content.append(button("OK", "android:id/button1", lambda: display.hide(dialog)))
    display.show(Dialog(dialog, lambda: display.hide(dialog)))
    assert display.component == "android/Dialog"
    display.key(BACK)
    display.touch(*where(display, "Name"))
    components: list[Callable[[], object]] = [lambda: display.focused, lambda: display.component]
    seen = []
    for _ in range(3):
        display.key(BACK)
        seen.append([look() for look in components])
    assert [bool(focused) for focused, _ in seen] == [False, False, False]
    assert [component for _, component in seen][:2] == ["test.app/test.app.Main"] * 2
    assert "launcher" in str(seen[2][1])
    display.key(HOME)
    assert display.app is None


def test_only_what_is_in_sight_is_reported_and_scrolling_brings_the_rest(display: Display) -> None:
    display.touch(*where(display, "Row 0"))
    assert "Row 29" not in source(display.laid_out()[0])
    while display.scroll_by(1000):
        pass
    assert "Row 29" in source(display.laid_out()[0]) and "Row 1&quot;" not in source(display.laid_out()[0])


def test_the_page_source_is_well_formed_whatever_the_app_says() -> None:
    root, placed = lay_out(Window("p", "a", [Widget("TextView", '<&"\x00\x1b\ud800')]), "")
    assert "&lt;&amp;&quot;???" in source(root) and placed[0].box[3] <= HEIGHT


def test_pictures_are_pictures(tmp_path: object) -> None:
    from io import BytesIO

    assert Image.open(BytesIO(png(108, 228))).size == (108, 228)


def test_the_virtual_device_has_all_that_its_parts_ask_for() -> None:
    phone: Phone = VirtualDevice({}, {}, "")
    assert [name for name in Phone.__annotations__ if not hasattr(phone, name)] == []
