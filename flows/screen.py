"""One observed state of the app, in the same form for browsers and devices (surfaces)."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urljoin

HOVER = "hover"
"""The `role` of an element whose only effect is that it shows hidden controls while the pointer rests on it."""
PROMPT = "browser-sign-in"
"""The `group` of the browser's dialog for a user name and password (HTTP authentication), which is shown as a form."""


@dataclass(frozen=True, slots=True)
class Element:
    """Something that a user can see and act on.

    `ref` is the surface's handle of the element, valid until the next `observe`. `key` identifies the element across
    observations (role, name, frame, number among equal ones). `role` is the WAI-ARIA role (`button`, `link`, `textbox`,
    `searchbox`, `combobox`, `listbox`, `checkbox`, `radio`, `switch`, `tab`, `menuitem`, `option`, `slider`…). It is
    `file` for a file chooser, `clickable` for an element that reacts to clicks but has no role, or `HOVER`.
    `kind` refines the role (`email`, `password`, `tel`, `date`, `submit`, `contenteditable`…). `hints` are further
    words from the developer: autocomplete, name, id, placeholder, label, test id, resource id, icon. `group` is the id
    of the form or dialog around the element. `region` is the landmark around it (`navigation`, `main`, `banner`,
    `contentinfo`, `complementary`, `dialog`, `form`, `search`, or empty). `box` is x, y, width, height in CSS pixels
    (dp on Android), relative to the top window's viewport. `covered` says that something else lies on top of the
    element's centre.
    """

    ref: str
    key: str
    role: str
    name: str
    value: str = ""
    kind: str = ""
    hints: tuple[str, ...] = ()
    href: str = ""
    frame: str = ""
    group: str = ""
    region: str = ""
    box: tuple[int, int, int, int] = (0, 0, 0, 0)
    enabled: bool = True
    required: bool = False
    checked: bool = False
    focused: bool = False
    readonly: bool = False
    in_viewport: bool = True
    covered: bool = False
    invalid: bool = False
    download: bool = False
    new_window: bool = False
    options: tuple[str, ...] = ()
    sends: str = ""
    """What a press sends according to the markup: method and address of the form (`post /tickets`), or `script`."""
    asks: str = ""
    """The question that a press asks first, according to the markup (`data-confirm`); «?» if its text is unknown."""
    headings: tuple[str, ...] = ()
    """For a field or a button: the headings and legends above it, outermost first."""
    beside: tuple[str, ...] = ()
    """For a button or a link: the texts of the smallest block around it that holds a text. Empty on Android, and if
    that block is the whole page."""


def sent_to(element: Element, screen: Screen) -> str:
    """The address to which a press sends data, according to the markup; empty if there is none or it is invalid."""
    method, _, address = element.sends.partition(" ")
    try:
        return urljoin(screen.address, address) if method not in ("", "script") else ""
    except ValueError:
        return ""


def without_values(address: str) -> str:
    """An address without its query and fragment, which may hold tokens."""
    return address.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0][:500]


@dataclass(frozen=True, slots=True)
class Text:
    """A visible text that is not the name of an element. `role` is `heading`, `alert`, `status`, `log`, `listitem`,
    `cell`, `dialog`, `label` or `text`. `live` marks an ARIA live region."""

    text: str
    role: str = "text"
    frame: str = ""
    region: str = ""
    live: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """A document on the screen. The main document has an empty `key`.

    `error` is the net error if the document is a browser's error page (`net::ERR_CERT_DATE_INVALID`). `blank` says that
    the document shows no text, image or control."""

    key: str
    url: str
    title: str = ""
    error: str = ""
    blank: bool = False
    box: tuple[int, int, int, int] = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Screen:
    """The contents of the screen.

    `address` is the URL on the web, the activity on Android. `busy` says that a spinner, a progress bar or
    `aria-busy` is visible. `dialog` is the text of an open native dialog (alert, confirm, prompt), else empty.
    `error` is the net error, if the main document is a browser's error page. `windows` counts open tabs or windows.
    """

    address: str
    title: str
    elements: tuple[Element, ...] = ()
    texts: tuple[Text, ...] = ()
    frames: tuple[Frame, ...] = ()
    language: str = ""
    busy: bool = False
    dialog: str = ""
    error: str = ""
    windows: int = 1
    viewport: tuple[int, int] = (0, 0)
    scrollable: bool = False
    truncated: bool = False
    native: bool = False
    """Whether this is an app on a device: its address is an activity, and it has neither tabs nor a browser's error page."""
    downloads: int = 0
    """How many files the session has received completely so far."""
    loaded: float = field(default=0.0, compare=False)
    """When the page was loaded (`performance.timeOrigin`, ms). A reload changes it. 0 if unknown."""

    @property
    def blank(self) -> bool:
        """Whether there is nothing to read and nothing to act on."""
        return not self.error and not self.elements and not any(t.text.strip() for t in self.texts)

    def words(self) -> str:
        """All visible texts, then all names of elements, joined by newlines."""
        return "\n".join([t.text for t in self.texts] + [e.name for e in self.elements if e.name])
