"""Groups fields into forms, and finds out what a form is for and which control submits it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flows.recognise.asked import Asked
from flows.recognise.fields import field_kind, is_field, is_multiline, takes_text
from flows.recognise.icons import says_nothing, words_for
from flows.recognise.languages import languages
from flows.recognise.lexicon import (
    LANGUAGE,
    LOGIN,
    NEWS,
    SIGNUP,
    SUBMIT,
    UNSUBMIT,
    developer_words,
    harms,
    plain,
    says,
    says_whole,
)
from flows.recognise.login_words import says_so
from flows.recognise.logins import is_first_step, is_login
from flows.recognise.matcher import Group
from flows.recognise.remembered import remembered
from flows.screen import Element, Screen

CHAT_BOX = Group("forms", "chat-box")
CHAT_FRAME = Group("developers", "chat-frame")
PRESSABLE = frozenset({"button", "link", "clickable", "menuitem", "tab", "switch", "option"})


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of one group in one frame, in order, with the controls of that group.

    `nature` is `login`, `signup`, `payment`, `chat`, `upload`, `ticket`, `search`, `newsletter`, `contact`, `password`
    (the form asks for a password and is neither login nor sign-up) or `other`.
    """

    frame: str
    group: str
    fields: tuple[Element, ...]
    controls: tuple[Element, ...]
    nature: str

    @property
    def key(self) -> str:
        return f"{self.frame}|{self.group}|{self.nature}"

    @property
    def files(self) -> tuple[Element, ...]:
        return tuple(f for f in self.fields if field_kind(f) == "file")

    def submit(self) -> Element | None:
        """The control that submits the form, or None."""
        ranked = sorted(
            ((_submit_score(c, self), -i, c) for i, c in enumerate(self.controls)), key=lambda t: t[:2], reverse=True
        )
        return ranked[0][2] if ranked and ranked[0][0] > 0 else None

    def sender(self) -> Element | None:
        """Returns the control that uploads a chosen file; None if choosing the file uploads it.

        Choosing the file uploads it if the form has no control that submits it. The same holds if the file field is
        hidden behind a button and the form has no real submit button.
        """
        control = self.submit()
        shown = any(f.box[2] * f.box[3] > 0 for f in self.files) or not any(
            any(e.box) for e in (*self.fields, *self.controls)
        )
        return control if control is not None and (shown or (control.kind == "submit" and self.group)) else None


@remembered(32)
def forms(screen: Screen) -> tuple[Form, ...]:
    """Returns all forms on a screen, in the order of their first field.

    Fields without a group make one form for each frame and region.
    """
    groups: dict[tuple[str, str, str], list[Element]] = {}
    for element in screen.elements:
        if is_field(element) and not element.readonly:
            region = "" if element.group else element.region
            groups.setdefault((element.frame, element.group, region), []).append(element)
    found = []
    for (frame, group, region), fields in groups.items():
        fields = [f for f in fields if not _switches_language(f)]
        if not fields:
            continue
        mine = [e for e in screen.elements if e.frame == frame and e.role in PRESSABLE and e.enabled]
        controls = [e for e in mine if e.group == group] if group else []
        if not controls:
            controls = [e for e in mine if not e.group and (e.region == region or group) and _near(e, fields)]
        for some, theirs in _apart(fields, controls, screen):
            found.append(Form(frame, group, tuple(some), tuple(theirs), _nature(some, theirs, screen, frame, group)))
    return tuple(found)


def login_name(form: Form, without: Collection[str] = ()) -> Element | None:
    """Returns a login's field for the user name: the nearest text field before the password field.

    Without a password field, it is the first text field. `without` holds the keys of fields that refused the name."""
    texts = [f for f in form.fields if takes_text(f) and field_kind(f) not in ("password", "search", "code")]
    password = next((n for n, f in enumerate(form.fields) if field_kind(f) == "password"), None)
    before = [f for f in texts if password is not None and form.fields.index(f) < password]
    ranked = [*reversed(before), *(f for f in texts if f not in before)]
    return next((f for f in ranked if f.key not in without and f.enabled and not f.readonly), None)


def _apart(fields: list[Element], controls: list[Element], screen: Screen) -> list[tuple[list[Element], list[Element]]]:
    """Separate a login from other fields that the markup puts into the same form, or into none.

    Such fields are above the login, with their own button, or below the login's button.
    """
    first = next((n for n, f in enumerate(fields) if field_kind(f) == "password"), None)
    if first is None or len(fields) < 3:
        return [(fields, controls)]
    place = {e.ref: n for n, e in enumerate(screen.elements)}
    buttons = sorted(place[c.ref] for c in controls if c.role in ("button", "clickable") and c.name)
    name = next((n for n in range(first - 1, -1, -1) if takes_text(fields[n])), first)
    start = next((b for b in reversed(buttons) if place[fields[0].ref] < b < place[fields[name].ref]), -1)
    last = max(n for n, f in enumerate(fields) if field_kind(f) == "password")
    sending = [b for b in buttons if b > place[fields[last].ref] and _sends(screen.elements[b])]
    end = sending[0] if sending else len(place)
    inner = [f for f in fields if start < place[f.ref] < end]
    outer = [f for f in fields if f not in inner]
    named = any(takes_text(f) and field_kind(f) not in ("code", "password") for f in inner)
    if not outer or not (named or all(field_kind(f) == "password" for f in inner)):
        return [(fields, controls)]  # the user name is elsewhere: a button between the two only sends a code
    mine = [c for c in controls if start < place[c.ref] and (place[c.ref] <= end or c.role == "link")]
    return [(outer, [c for c in controls if c not in mine]), (inner, mine)]


def _sends(control: Element) -> bool:
    return control.kind == "submit" or says(LOGIN, control.name) or says(SUBMIT, control.name)


def _near(control: Element, fields: list[Element]) -> bool:
    """Whether a control is below, beside or just above the fields, if positions are known."""
    boxes = [f.box for f in fields if f.box[2]]
    if not boxes or not control.box[2]:
        return True
    top, bottom = min(b[1] for b in boxes), max(b[1] + b[3] for b in boxes)
    return top - 120 <= control.box[1] <= bottom + 260


def form_of(screen: Screen, *natures: str) -> Form | None:
    """Returns the form of the first nature that the screen has; of several such forms, the one with the most fields."""
    there = forms(screen)
    for nature in natures:
        fitting = [f for f in there if f.nature == nature]
        if fitting:
            return max(fitting, key=lambda f: len(f.fields))
    return None


def lone_box(screen: Screen) -> Form | None:
    """Returns the form with a single text box of unknown purpose. After a chat has opened, this is its message box."""
    for form in forms(screen):
        texts = [f for f in form.fields if takes_text(f)]
        unknown = (
            form.nature in ("other", "contact") and field_kind(texts[0]) not in _NO_CHAT if len(texts) == 1 else False
        )
        if unknown and texts[0].region not in ("banner", "navigation", "contentinfo") and texts[0].enabled:
            return form
    return None


def step_form(screen: Screen, *, began: bool) -> Form | None:
    """Returns the only form in the page's main part that has one question and a submit control.

    It is one step of a request. Returns None if there is none, or more than one. A form that asks only for an e-mail
    address or a file counts if the request already `began`. Otherwise, it subscribes to something or is an upload.
    """
    natures = ("contact", "other", "newsletter", "ticket", "upload") if began else ("contact", "other")
    places = ("main", "")
    there = [f for f in forms(screen) if f.nature in natures and _asks_once(f) and f.fields[0].region in places]
    sent = [f for f in there if f.submit() is not None and not _subscribes([*f.fields], [*f.controls])]
    return sent[0] if len(sent) == 1 else None


def _asks_once(form: Form) -> bool:
    """Whether the form has only one field, or only radio buttons."""
    return len(form.fields) == 1 or all(f.role == "radio" for f in form.fields)


_NO_CHAT = ("search", "email", "url", "code", "password", "phone")


def _switches_language(element: Element) -> bool:
    if element.role not in ("combobox", "listbox"):
        return False
    return says(LANGUAGE, element.name) or (
        len(element.options) > 1 and sum(says(LANGUAGE, o) for o in element.options) * 2 > len(element.options)
    )


def _nature(fields: list[Element], controls: list[Element], screen: Screen, frame: str, group: str) -> str:
    kinds = [field_kind(f) for f in fields]
    texts = [f for f in fields if takes_text(f)]
    asked = Asked(fields, controls, _sender(fields, controls, frame, group), screen, frame, group)
    if any(k in kinds for k in ("card-number", "card-cvc")):
        return "payment"
    if "password" in kinds:
        return _with_password(asked, kinds, texts)
    if len(texts) == 1 and _chats(texts[0], fields, screen, frame, controls):
        return "chat"
    if "file" in kinds and (_begins_with_file(kinds) or not _asks_much(kinds, texts)):
        return "upload"
    if ("search" in kinds and len(texts) <= 2 and "message" not in kinds) or (
        texts and _only_looks_up(controls) and not is_first_step(asked)
    ):
        return "search"
    if _asks_much(kinds, texts) and not _is_document(fields, controls, frame, group):
        return "ticket"
    if len(texts) == 1 and kinds[fields.index(texts[0])] in ("email", "username", "phone"):
        if not _subscribes(fields, controls) and fields[0].region != "contentinfo" and is_first_step(asked):
            return "login"
    if texts and kinds[fields.index(texts[0])] == "email":
        return "newsletter" if len(texts) == 1 else "contact"
    return (
        "contact"
        if texts and all(k in ("name", "email", "username", "choice", "checkbox", "text") for k in kinds)
        else "other"
    )


def _with_password(asked: Asked, kinds: list[str], texts: list[Element]) -> str:
    """Returns the nature of a form that asks for a password. It may log in, sign up, or confirm or change something."""
    passwords = kinds.count("password")
    if _harms(asked.controls):
        return "other"
    if (passwords > 1 or len(texts) > 3) and not _with_one_code(kinds):
        return "signup"
    if is_login(asked):
        return "login"
    return "signup" if asked.sender is not None and says(SIGNUP, asked.sender.name) else "password"


def _sender(fields: list[Element], controls: list[Element], frame: str, group: str) -> Element | None:
    """The control that would send the form if it were a login."""
    return Form(frame, group, tuple(fields), tuple(controls), "login").submit()


def _only_looks_up(controls: list[Element]) -> bool:
    """Whether the form only searches or filters: all its submit controls send it with GET to an explicit address.

    A form without an address is sent by a script, which may do anything."""
    senders = [c for c in controls if c.kind in ("submit", "image")]
    return bool(senders) and all(re.match(r"get [^\s#]", c.sends) and "javascript:" not in c.sends for c in senders)


def _harms(controls: Sequence[Element]) -> bool:
    """Whether submitting the form deletes or ends something, and the form is no login.

    Resetting a forgotten password ends nothing. Nor does a control of the kind `reset`, which empties the fields.
    """
    own = (c for c in controls if c.kind != "reset" and not says(SIGNUP, c.name))
    return any(harms(c.name) for c in own) and not any(map(says_so, controls))


def _with_one_code(kinds: list[str]) -> bool:
    """Whether a form with many fields may still be a login: exactly one asks for a password, and one for a code."""
    return kinds.count("password") == 1 and "code" in kinds


def _asks_much(kinds: list[str], texts: list[Element]) -> bool:
    """Whether the form asks for the description of a problem.

    It has a subject or message and another text field, or a message field with several lines.
    """
    if "message" in kinds and len(texts) >= 2:
        return True
    if "subject" in kinds and len(texts) >= 2:
        return True
    return "message" in kinds and any(is_multiline(t) for t in texts)


def _is_document(fields: list[Element], controls: list[Element], frame: str, group: str) -> bool:
    """Whether it is a text that is edited and not sent: rich texts that nobody has named, and no button that sends them.

    Enter begins a new line in them."""
    if any(f.kind != "contenteditable" or f.name.strip() for f in fields):
        return False
    sender = Form(frame, group, tuple(fields), tuple(controls), "ticket").submit()
    return sender is None or sender.role != "button"


def _begins_with_file(kinds: list[str]) -> bool:
    """Whether the form's first field, apart from choices and check boxes, is a file. Later fields describe the file."""
    return next((k for k in kinds if k not in ("choice", "checkbox", "radio", "switch")), "") == "file"


def _chats(box: Element, fields: list[Element], screen: Screen, frame: str, controls: list[Element]) -> bool:
    """Whether the form is a chat: one text box, with a message log in its frame, a chat's name or a «send» icon."""
    if field_kind(box) in _NO_CHAT:
        return False
    words = " ".join((box.name, *map(developer_words, box.hints), developer_words(box.group), developer_words(box.key)))
    framed = next((f.url for f in screen.frames if f.key == frame and frame), "")
    log = any(t.role == "log" and t.frame == frame for t in screen.texts)
    chatty = says(CHAT_BOX, words) or says(CHAT_FRAME, developer_words(framed))
    planes = any("send" in words_for(c) for c in controls)  # a box and an icon that sends: nothing else looks so
    others = [f for f in fields if f is not box and field_kind(f) not in ("file", "checkbox", "switch")]
    return not others and (log or chatty or planes) and not any(field_kind(f) == "file" and f.required for f in fields)


def _subscribes(fields: list[Element], controls: list[Element]) -> bool:
    words = [
        *(f.name for f in fields),
        *(developer_words(h) for f in fields for h in f.hints),
        *(c.name for c in controls),
    ]
    return any(says(NEWS, w) for w in words)


def _leads_elsewhere(control: Element) -> bool:
    """Whether the control is a link to another page, so that a press submits nothing."""
    address = control.href
    return bool(address) and not address.startswith("javascript:") and not address.endswith("#")


def sender_of_file(screen: Screen, chosen: Collection[str], before: Collection[str]) -> Element | None:
    """Returns the control that sends a chosen file, or None.

    It is searched for in a dialog that appeared after the choice, then in the file field's form, then among the new
    controls. `chosen` holds the keys of the file fields, and `before` the keys of all elements before the choice.
    """
    fresh = [e for e in screen.elements if e.key not in before and e.role in PRESSABLE and e.enabled]
    dialog = _best([e for e in fresh if e.region == "dialog"])
    if dialog is not None:
        return dialog
    own = next((f.submit() for f in forms(screen) if any(e.key in chosen for e in f.files)), None)
    return own or _best([e for e in fresh if e.role != "link" and says(SUBMIT, e.name)])


def _best(controls: list[Element]) -> Element | None:
    return Form("", "", (), tuple(controls), "upload").submit()


def _only_attaches(control: Element) -> bool:
    """Whether a control's whole name or picture says that it takes a file: a paper clip or «Upload» beside «Send»."""
    spoken = languages().files.items()
    doors = {tag: told.entry for tag, words in spoken if (told := words.journeys.get("upload-attachment"))}
    named = (plain(control.name).strip(" .!…"),) if not says_nothing(control) else words_for(control)
    return control.kind != "submit" and any(says_whole(doors, name) for name in named)


def _submit_score(control: Element, form: Form) -> float:
    name = control.name or " ".join((*words_for(control), *(developer_words(h) for h in control.hints)))
    if harms(name) or _leads_elsewhere(control):
        return -1
    score = 0.0
    if control.kind == "submit":
        score += 3
    if says(SUBMIT, name):
        score += 3
    if says(UNSUBMIT, name) or says(SIGNUP, name):
        score -= 4
    if form.nature != "upload" and _only_attaches(control):  # a chat sends by Enter; another form may have nothing else
        score -= 4 if form.nature == "chat" else 2.5
    if control.role == "link":
        score -= 2
    if control.role in ("button", "clickable") and form.group and control.group == form.group:
        score += 1
    if form.nature == "login":
        score += 4 if says_so(control) else 0  # «Sign in» before «Send code» and «Send me a link to sign in»
    return score
