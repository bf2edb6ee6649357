"""Signs of success in forms, logs, rows, articles and downloads. `SIGNS` at the end lists them all.

A new sign needs one function and one entry in `SIGNS`. The field `trust` is required, so that nobody forgets it.
Each function's docstring says what the sign is. The function returns the text that shows the sign, or an empty string.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flows.recognise.articles import OWN, article, short_article
from flows.recognise.change import Change, is_trouble, wide_length
from flows.recognise.fields import field_kind, is_field
from flows.recognise.forms import PRESSABLE, Form, form_of, lone_box
from flows.recognise.icons import says_nothing
from flows.recognise.letting_in import logged_in
from flows.recognise.lexicon import ERROR, LOGOUT, SUBMIT, THANKS, plain, reports_error, says, says_whole
from flows.screen import Screen

NUMBER = re.compile(r"#\s?\d+|\b[A-Z]{1,6}[-–]?\d{2,}\b|\b\d{3,}\b|[№＃]\s?\d+|[号号]\s?\d+")
_DATA = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\d+年\d+月|#\s?\d+|\b[A-Z]{1,5}-\d{2,}\b"
    r"|[€$£¥]\s?\d|\d[.,]\d\d\s?[€$£]"
)
_SIGNATURE = 32
"""The maximum length, in letters, of what an app adds to the user's message: name, time, delivery status."""
_COUNTER = 20
"""The maximum length, in characters, of a text that counts on by itself."""
_NAME = 3
"""The minimum length, in characters, of user input that is recognised on a screen. Shorter input may be any word."""


def thanks(change: Change) -> str:
    """The app reports that it accepted the input."""
    return next(
        (t.text for t in change.fresh if says(THANKS, t.text) and not says(ERROR, t.text) and len(t.text) < 400), ""
    )


def form_gone_number(change: Change) -> str:
    """The form disappeared or was emptied, and a new number is shown."""
    was, is_now = form_of(change.before, "ticket"), form_of(change.after, "ticket")
    if was is None or change.troubled:
        return ""
    opened = _page_of_its_own(change)
    if opened:
        return opened
    if (
        is_now is not None
        and _same_fields(was, is_now)
        and any(f.value for f in is_now.fields if field_kind(f) in ("subject", "message"))
    ):
        return ""
    told = [t for t in change.fresh if not says(ERROR, t.text)]
    return next((t.text for t in told if NUMBER.search(t.text) and len(t.text) < 300), "")


def _page_of_its_own(change: Change) -> str:
    """Returns a heading or link whose number is also new in the address (the ticket's own page); else empty."""
    before, after = (re.split(r"[?#]", s.address)[0] for s in (change.before, change.after))
    fresh = set(re.findall(r"(?<!\w)\d+(?!\w)", after.partition("://")[2].partition("/")[2]))
    fresh -= set(re.findall(r"\d+", before))
    for text in change.fresh:
        if text.role == "heading" and any(re.search(rf"[#№]\s?{n}(?!\w)", text.text) for n in fresh):
            return text.text
    old = {e.key for e in change.before.elements}
    own = (e for e in change.after.elements if e.role == "link" and re.split(r"[?#]", e.href)[0] == after)
    return next((e.name for e in own if e.key not in old and e.name.strip("#№ ") in fresh), "")


def _same_fields(one: Form, other: Form) -> bool:
    return bool({f.name for f in one.fields} & {f.name for f in other.fields})


def new_row(change: Change) -> str:
    """The typed text is now a row of a list, and the form is gone or empty."""
    form = form_of(change.after, "ticket")
    if change.troubled or (
        form is not None and any(f.value for f in form.fields if field_kind(f) in ("subject", "message"))
    ):
        return ""
    old = {plain(t.text) for t in change.before.texts} | {plain(e.name) for e in change.before.elements}
    rows = [t.text for t in change.after.texts if t.role in ("listitem", "cell", "heading")]
    rows += [e.name for e in change.after.elements if e.role in ("link", "clickable") and not is_field(e)]
    long = [plain(t) for t in change.typed if len(plain(t)) >= 8]
    return next((r for r in rows if plain(r) not in old and any(t in plain(r) for t in long)), "")


def message_in_log(change: Change) -> str:
    """A message that the user did not write appears, after the user's line has left the box.

    The line must have left the box, because chats greet their visitors, and a greeting may arrive while somebody
    types."""
    if change.stage not in ("say", "submit"):
        return ""
    box = next(filter(None, (find(s) for find in (_chat, lone_box) for s in (change.after, change.before))), None)
    if box is None or _still_in(box, change):
        return ""
    here = [t for t in change.fresh if t.frame == box.frame]
    if any(t.role == "log" for t in change.after.texts if t.frame == box.frame):
        here = [t for t in here if t.role == "log"]
    typed = [plain(t) for t in change.typed]
    for text in here:
        whole = plain(text.text)
        if is_trouble(text) or text.role == "alert" or (says(ERROR, whole) and len(whole) < 80):
            continue
        words = _untimed(whole)
        if wide_length(words) >= 4 and not _is_own(words) and not any(words and words in t for t in typed):
            if not _signs_own(words, change):
                return whole
    return ""


def _still_in(box: Form, change: Change) -> bool:
    """Whether a line that the user typed is still in the chat's box, and nowhere else on the screen."""
    keys = {f.key for f in box.fields}
    held = {plain(e.value) for e in change.after.elements if e.key in keys and e.value}
    left = [line for line in map(plain, change.typed) if line in held and len(line) > 1]
    return any(not any(line in plain(t.text) for t in change.after.texts) for line in left)


def _chat(screen: Screen) -> Form | None:
    return form_of(screen, "chat")


def _signs_own(words: str, change: Change) -> bool:
    """Whether a text is only a name, time or check mark beside or right above the user's own message.

    Long texts never count as that, because they may be replies that quote the user."""
    if wide_length(words) > _SIGNATURE:
        return False
    lines = [plain(t.text) for t in change.after.texts]
    rests = [plain(change.without_echo(line)) for line in lines]
    for n, (line, rest) in enumerate(zip(lines, rests, strict=True)):
        above = lines[max(n - 2, 0) : n]  # the sender's name, and perhaps the time
        if line != rest and any(words in _untimed(beside) for beside in (rest, *above)):
            return True
    return False


def _untimed(text: str) -> str:
    return re.sub(r"\b\d{1,2}:\d\d(:\d\d)?( [ap]m)?\b", "", text, flags=re.IGNORECASE).strip(" :·-")


def _is_own(words: str) -> bool:
    return says_whole(OWN, words)


def data_shown(change: Change) -> str:
    """The app shows the user's data: rows, addresses, dates, amounts, or a profile form with values."""
    if change.troubled or change.after.busy or _asks_who(change):
        return ""
    if _menu_opened(change):
        return ""
    told = [
        t
        for t in change.fresh
        if t.role not in ("heading", "label", "log") and t.region not in ("contentinfo", "dialog")
    ]
    told = [t for t in told if not _goes_on(t.text, change)]
    facts = [t.text for t in told if _DATA.search(t.text)]
    rows = [t.text for t in told if t.role in ("cell", "listitem") and len(t.text) > 1]
    if facts and len(told) >= 2:
        return facts[0]
    given = _given_back(change)
    if given:
        return given
    if len(rows) >= 3 and (any(t.role == "cell" for t in told) or any(re.search(r"\d|@", r) for r in rows)):
        return rows[0]  # a list of words alone may be a menu or a choice of languages
    old = {e.key for e in change.before.elements}
    personal = ("name", "first-name", "last-name", "email", "phone", "street", "city", "company")
    held = [e.value for e in change.after.elements if is_field(e) and e.key not in old and field_kind(e) in personal]
    return next(filter(None, held), "")  # a form stays empty if its data did not arrive


def _goes_on(text: str, change: Change) -> bool:
    """Whether a text only counts on by itself on the same page: «54 s ago» becomes «55 s ago»."""
    if change.before.address != change.after.address:
        return False
    told, was = (re.sub(r"\d+", "0", plain(text)), (re.sub(r"\d+", "0", plain(t.text)) for t in change.before.texts))
    return len(told) <= _COUNTER and told in was


def _asks_who(change: Change) -> bool:
    """Whether a form asks for a card or a password, or creates an account.

    If the user can log out, only a form for a card counts. The user is then logged in, and a form with a password only
    changes or confirms something."""
    natures = {f.nature for f in change.forms}
    known = any(says(LOGOUT, e.name) for e in change.after.elements)
    return "payment" in natures or (bool(natures & {"login", "signup", "password"}) and not known)


def _given_back(change: Change) -> str:
    """A text or field value that equals the user's earlier input, mostly the user name; empty if there is none.

    Greetings at the edge of the page do not count, because they are on every page. Lists do not count either,
    because they may show other users."""
    own = {plain(t).casefold() for t in change.typed if len(plain(t)) >= _NAME}
    edge = ("navigation", "banner", "contentinfo", "complementary", "search", "dialog")
    was = {plain(t.text) for t in change.before.texts} | {plain(e.value) for e in change.before.elements}
    shown = [t.text for t in change.after.texts if t.region not in edge and t.role in ("text", "label")]
    shown += [e.value for e in change.after.elements if is_field(e) and e.region not in edge]
    anew = change.before.address != change.after.address
    return next((s for s in shown if anew and plain(s).casefold() in own and plain(s) not in was), "")


def _menu_opened(change: Change) -> bool:
    """Whether the action only opened the user's menu: a control that logs out appeared, at the same address.

    Then the new texts are not the requested data."""
    if change.before.address != change.after.address:
        return False
    old = {e.key for e in change.before.elements}
    return any(e.key not in old and says(LOGOUT, e.name) for e in change.after.elements)


def provider_form(change: Change) -> str:
    """A form that asks for a card is shown, in the page or in a frame."""
    if form_of(change.before, "payment") is not None:
        return ""
    form = form_of(change.after, "payment")
    return (
        next((f.name or field_kind(f) for f in form.fields if field_kind(f).startswith("card-")), "card")
        if form
        else ""
    )


def _file_names(change: Change) -> list[str]:
    return [n for n in (re.split(r"[/\\]", t)[-1] for t in change.typed) if re.search(r"\.\w{2,4}$", n)]


def _still_to_send(change: Change) -> bool:
    """Whether the chosen file still has to be sent with a button."""
    form = form_of(change.after, "upload", "ticket")
    if change.stage != "choose":
        return False
    old = {e.key for e in change.before.elements}
    asked = [e for e in change.after.elements if e.region == "dialog" and e.key not in old and e.role in PRESSABLE]
    unread = [e for e in asked if says_nothing(e) and plain(e.name)]  # two answers: one of them may send it
    preview = any(says(SUBMIT, e.name) for e in asked) or len(unread) > 1
    return preview or (form is not None and form.sender() is not None)


def file_listed(change: Change) -> str:
    """The file's name appears in a text or control other than a field: a row, a link."""
    if change.troubled or _still_to_send(change) or change.stage not in ("choose", "submit"):
        return ""
    return _new_row_of(change, _file_names(change), dialogs=True) or _new_row_of(
        change, _file_names(change), dialogs=False
    )


def _new_row_of(change: Change, names: list[str], *, dialogs: bool) -> str:
    """Returns a new text or control name with one of the file names that reports no error. `dialogs`: whether to search
    dialogs, too."""

    def rows(screen: Screen) -> list[str]:
        told = [t.text for t in screen.texts if dialogs or "dialog" not in (t.region, t.role)]
        return told + [e.name for e in screen.elements if not is_field(e) and (dialogs or e.region != "dialog")]

    old = Counter(map(plain, rows(change.before)))
    for row in rows(change.after):
        old[plain(row)] -= 1
        if old[plain(row)] < 0 and any(n in row for n in names) and not reports_error(row):
            return row
    return ""


def uploaded(change: Change) -> str:
    """The app reports that it received the file."""
    return (
        "" if _still_to_send(change) or change.stage not in ("choose", "submit") or change.troubled else thanks(change)
    )


def download(change: Change) -> str:
    """A file was received completely."""
    more = change.after.downloads - change.before.downloads
    return f"{more} file{'s' if more > 1 else ''} received" if more > 0 else ""


class Trust(StrEnum):
    """How far a sign of success is trusted if one of the journey's requests fails."""

    SHOWN = "shown"  # an app can show it without its server: the user's own input, or earlier data
    TOLD = "told"  # the app's message: true unless none of its requests arrived
    SEEN = "seen"  # only the server can have sent it


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of success. `name` is its name in journey files and the journal.

    `find` returns the text that shows the sign, or an empty string. `early` means that the sign also counts before
    the stage at which success is due. `echo` means that the sign only shows the user's own input again.
    """

    name: str
    find: Callable[[Change], str]
    trust: Trust
    early: bool = False
    echo: bool = False


SIGNS: tuple[Sign, ...] = (
    Sign("thanks", thanks, Trust.TOLD),
    Sign("form-gone-number", form_gone_number, Trust.SHOWN),
    Sign("new-row", new_row, Trust.SHOWN, echo=True),
    Sign("message-in-log", message_in_log, Trust.SHOWN),
    Sign("article", article, Trust.SEEN, early=True),
    Sign("short-article", short_article, Trust.SHOWN, early=True),
    Sign("data-shown", data_shown, Trust.SHOWN, early=True),
    Sign("logged-in", logged_in, Trust.SEEN),
    Sign("provider-form", provider_form, Trust.SEEN, early=True),
    Sign("file-listed", file_listed, Trust.SHOWN, echo=True),
    Sign("uploaded", uploaded, Trust.TOLD),
    Sign("download", download, Trust.SEEN, early=True),
)
"""All signs of success that need no words from a journey file."""

WORDS = "words"
"""The kind of the cues that the words of a journey file find."""

_BY_NAME: Mapping[str, Sign] = {sign.name: sign for sign in SIGNS}


def sign_named(name: str) -> Sign | None:
    """The sign of success with that name; None for a sign of failure and for words."""
    return _BY_NAME.get(name)


def trust_of(kind: str) -> Trust:
    """Returns the trust of a kind of cue. Kinds without a `Sign` (`stopped-before:…`, effects) count as `SEEN`."""
    if kind == WORDS:
        return Trust.TOLD
    sign = sign_named(kind)
    return sign.trust if sign else Trust.SEEN


def is_echo(kind: str) -> bool:
    """Whether a cue of that kind only shows the user's own input again."""
    sign = sign_named(kind)
    return sign is not None and sign.echo
