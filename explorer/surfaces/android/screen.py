"""Makes a `Screen` from UiAutomator2's page source. Pure.

The page source contains the classes, texts and resource ids of the visible nodes. Roles, names and groups are derived
from these, for the platform's own widgets, AndroidX, Material and Compose (where everything is a `View`), and for the
nodes of WebViews.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree as ET

from explorer.surfaces.android.bars import bars
from flows.screen import Element, Frame, Screen, Text

MAX_NODES = 4_000
MAX_TEXT = 2_000

_ROLES = (
    ("EditText", "textbox"),
    ("AutoCompleteTextView", "textbox"),
    ("TextInputEditText", "textbox"),
    ("SearchAutoComplete", "searchbox"),
    ("ImageButton", "button"),
    ("RadioButton", "radio"),
    ("CheckBox", "checkbox"),
    ("CheckedTextView", "checkbox"),
    ("SwitchCompat", "switch"),
    ("MaterialSwitch", "switch"),
    ("Switch", "switch"),
    ("ToggleButton", "switch"),
    ("Spinner", "combobox"),
    ("SeekBar", "slider"),
    ("FloatingActionButton", "button"),
    ("Chip", "button"),
    ("ActionMenuItemView", "menuitem"),
    ("TabView", "tab"),
    ("BottomNavigationItemView", "tab"),
    ("Button", "button"),
)
"""Pairs of the end of a class name and a role. The first pair that fits a class counts."""
_LISTS = ("RecyclerView", "ListView", "GridView", "ExpandableListView")
_CHAT = re.compile(r"messag|chat|conversation|transcript", re.IGNORECASE)
_ALERT = re.compile(r"error|alert|warning|snackbar|toast|banner_text", re.IGNORECASE)
_TITLE = re.compile(r"(^|[_/])(title|headline|heading|toolbar_title|action_bar_title)$|alertTitle$", re.IGNORECASE)
_FILE = re.compile(
    r"(choose|select|pick|attach|add|browse)\b.{0,20}\b(files?|images?|photos?|pictures?|screenshots?|documents?|attachments?)"
    r"|datei(en)? (auswählen|wählen|anhängen|hinzufügen)|anhang hinzufügen|(choisir|joindre|ajouter) (un |une )?(fichier|image|photo)"
    r"|(elegir|seleccionar|adjuntar) (un )?(archivo|imagen)|(escolher|anexar) (um )?(arquivo|ficheiro)"
    r"|ファイルを(選択|添付)|(选择|添加|上传)(文件|附件|图片)",
    re.IGNORECASE,
)
_FILE_ID = re.compile(
    r"(choose|pick|select|attach|add)_?(a_)?(file|image|photo|attachment|document|screenshot)", re.IGNORECASE
)
_NET_ERROR = re.compile(r"net::ERR_[A-Z0-9_]+")
_SYSTEM_DIALOGS = {
    "aerr_close": "crash",
    "aerr_restart": "crash",
    "aerr_app_info": "crash",
    "aerr_wait": "anr",
    "permission_allow_button": "permission",
    "permission_allow_foreground_only_button": "permission",
    "permission_allow_one_time_button": "permission",
    "permission_allow_all_button": "permission",
    "permission_allow_selected_button": "permission",
}
ACCEPT_IDS = (
    "permission_allow_foreground_only_button",
    "permission_allow_button",
    "permission_allow_all_button",
    "permission_allow_one_time_button",
    "permission_allow_selected_button",
    "aerr_wait",
    "aerr_restart",
    "aerr_close",
)
DISMISS_IDS = (
    "permission_deny_button",
    "permission_deny_and_dont_ask_again_button",
    "permission_dont_allow_more_selected_button",
    "aerr_close",
    "aerr_mute",
)
"""Resource ids of the buttons that dismiss the system's dialogs, the likelier first.

`ACCEPT_IDS` are those of the buttons that accept. The ids come from AOSP's frameworks/base and PermissionController."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element is on the device: its box in pixels, its XPath in this page source, its class and its text."""

    box: tuple[int, int, int, int]
    xpath: str
    class_name: str
    text: str = ""
    clipped: tuple[bool, bool] = (False, False)
    """Whether its width and its height may be larger than shown, because it touches an edge of its scroll container."""

    @property
    def centre(self) -> tuple[int, int]:
        x, y, width, height = self.box
        return x + width // 2, y + height // 2


@dataclass(frozen=True, slots=True)
class Parsed:
    """A screen, the places of its elements by `ref`, and the places of a system dialog's buttons by resource id.

    `package` is the name of the package in the foreground. `system` is the kind of the system dialog: `crash`, `anr`,
    `permission`, or empty if none is shown."""

    screen: Screen
    package: str = ""
    system: str = ""
    places: Mapping[str, Place] = field(default_factory=dict)
    buttons: Mapping[str, Place] = field(default_factory=dict)


class Unreadable(ValueError):
    """The text is not a valid page source."""


@dataclass(slots=True)
class _Node:
    """An XML node with facts from its ancestors."""

    xml: ET.Element
    xpath: str
    region: str = ""
    web: str = ""
    listed: str = ""
    acted: bool = False
    pane: tuple[int, int, int, int] | None = None
    """The box of the nearest ancestor that scrolls."""

    def get(self, name: str) -> str:
        return self.xml.get(name) or ""

    def is_(self, name: str) -> bool:
        return self.xml.get(name) == "true"

    @property
    def class_name(self) -> str:
        return self.get("class") or self.xml.tag

    @property
    def rid(self) -> str:
        return self.get("resource-id")

    @property
    def text(self) -> str:
        return (self.get("text") or self.get("content-desc"))[:MAX_TEXT].strip()

    @property
    def acts(self) -> bool:
        return self.is_("clickable") or self.is_("checkable") or self.editable

    @property
    def editable(self) -> bool:
        return self.class_name.endswith(("EditText", "AutoCompleteTextView", "TextInputEditText", "SearchAutoComplete"))

    def box(self) -> tuple[int, int, int, int]:
        numbers = [int(n) for n in re.findall(r"-?\d+", self.get("bounds"))[:4]]
        if len(numbers) < 4:
            return 0, 0, 0, 0
        left, top, right, bottom = numbers
        return left, top, max(0, right - left), max(0, bottom - top)


def read(
    source: str,
    *,
    density: float = 1.0,
    activity: str = "",
    language: str = "",
    downloads: int = 0,
    standing: frozenset[str] = frozenset(),
) -> Parsed:
    """The screen that a page source describes. Raises Unreadable if the source is not valid.

    `density` is the number of pixels per dp. The boxes of the screen's elements are in dp. `standing` are progress bars
    that were there before, and count as no spinners."""
    if "<!DOCTYPE" in source[:1_000] or "<!ENTITY" in source:
        raise Unreadable("the text has a document type declaration, which no page source has")
    try:
        root = ET.fromstring(source)  # noqa: S314 - no document type, so no entities; see above
    except ET.ParseError as error:
        raise Unreadable(str(error)) from error
    nodes = list(_walk(root))
    package = next((n.get("package") for n in nodes if n.get("package")), "")
    buttons = {n.rid.rpartition("/")[2]: _place(n) for n in nodes if n.rid and n.acts}
    system = next((kind for rid, kind in _SYSTEM_DIALOGS.items() if rid in buttons), "")
    if "aerr_wait" in buttons:
        system = "anr"
    reader = _Reader(nodes, density)
    viewport = (int(float(root.get("width") or 0) / density), int(float(root.get("height") or 0) / density))
    screen = Screen(
        address=f"{package}/{activity}" if activity else package,
        title=next((t.text for t in reader.texts if t.role == "heading"), ""),
        elements=() if system else tuple(reader.elements),
        texts=tuple(reader.texts),
        frames=tuple(reader.frames),
        language=language,
        busy=bool(bars(source) - standing),
        dialog=" ".join(t.text for t in reader.texts) if system else "",
        error="",
        viewport=viewport,
        scrollable=any(n.is_("scrollable") for n in nodes),
        truncated=len(nodes) >= MAX_NODES,
        downloads=downloads,
        native=True,
    )
    return Parsed(screen, package, system, reader.places, buttons)


def _walk(root: ET.Element) -> Iterator[_Node]:
    """All visible nodes in document order, at most MAX_NODES."""
    todo = [_Node(root, "/hierarchy")]
    count = 0
    while todo and count < MAX_NODES:
        node = todo.pop()
        if node.xml is not root:
            if node.xml.get("displayed") == "false":
                continue
            count += 1
            yield node
        seen: Counter[str] = Counter()
        children = []
        for child in node.xml:
            seen[child.tag] += 1
            children.append(_child(node, child, seen[child.tag]))
        todo.extend(reversed(children))


def _child(parent: _Node, xml: ET.Element, number: int) -> _Node:
    node = _Node(
        xml,
        f"{parent.xpath}/{xml.tag}[{number}]",
        parent.region,
        parent.web,
        parent.listed,
        parent.acted or parent.acts,
        parent.box() if parent.is_("scrollable") else parent.pane,
    )
    name = node.class_name
    if name.endswith("WebView") and not parent.web:
        node.web = f"webview:{node.rid or number}"
    if name.endswith(_LISTS):
        node.listed = "log" if _CHAT.search(node.rid) else "listitem"
    if name.endswith(("Toolbar", "ActionBarContainer")):
        node.region = "banner"
    elif name.endswith(("BottomNavigationView", "NavigationView", "NavigationBarView", "TabLayout")):
        node.region = "navigation"
    elif node.rid in {"android:id/parentPanel", "android:id/alertTitle"} or name.endswith("BottomSheet"):
        node.region = "dialog"
    return node


class _Reader:
    """Makes elements, texts and frames from the nodes of a page source."""

    def __init__(self, nodes: list[_Node], density: float) -> None:
        self._nodes, self._density = nodes, density
        self.elements: list[Element] = []
        self.texts: list[Text] = []
        self.frames: list[Frame] = []
        self.places: dict[str, Place] = {}
        self._keys: Counter[str] = Counter()
        self._label = ""
        for number, node in enumerate(nodes):
            if node.web and node.class_name.endswith("WebView"):
                self.frames.append(self._frame(node))
            if node.acts and not node.class_name.endswith("WebView"):
                self._element(f"e{number}", node)
            elif node.text and not node.acted and not node.class_name.endswith("WebView"):
                self._text(node)

    def _frame(self, node: _Node) -> Frame:
        inside = [other.text for other in self._nodes if other.web == node.web and other is not node and other.text]
        failed = _NET_ERROR.search(" ".join(inside))
        return Frame(
            node.web, "", title=node.text, error=failed[0] if failed else "", blank=not inside, box=self._dp(node.box())
        )

    def _element(self, ref: str, node: _Node) -> None:
        role = self._role(node)
        name = self._name(node, role)
        if role == "clickable" and not name and not node.rid:
            return  # a bare area: nothing that a person would aim at
        stem = f"{role}|{name or node.rid}|{node.web}"
        self._keys[stem] += 1
        hint, text = node.get("hint"), node.get("text")
        shown = "" if node.editable and text == hint else text
        self.elements.append(
            Element(
                ref=ref,
                key=f"{stem}|{self._keys[stem]}",
                role=role,
                name=name,
                value=shown if node.editable or role == "combobox" else "",
                kind="password" if node.is_("password") else "",
                hints=tuple(h for h in (_plain_id(node.rid), hint, node.get("content-desc")) if h),
                frame=node.web,
                region=node.region,
                box=self._dp(node.box()),
                enabled=node.xml.get("enabled") != "false",
                checked=node.is_("checked") or node.is_("selected"),
                focused=node.is_("focused"),
                readonly=node.editable and node.xml.get("focusable") == "false",
                invalid=bool(node.get("error")),
            )
        )
        self.places[ref] = replace(_place(node), text=text)

    def _role(self, node: _Node) -> str:
        name = node.class_name
        if node.editable:
            return (
                "searchbox"
                if re.search(r"search", node.rid, re.IGNORECASE) or name.endswith("SearchAutoComplete")
                else "textbox"
            )
        plain = "checkbox" if node.is_("checkable") else "clickable"
        role = next((role for ending, role in _ROLES if name.endswith(ending)), plain)
        if role in {"button", "clickable"} and (_FILE.search(self._inside(node)) or _FILE_ID.search(node.rid)):
            return "file"
        return role

    def _name(self, node: _Node, role: str) -> str:
        if node.editable:
            return node.get("hint") or node.get("content-desc") or self._label_before(node)
        return self._inside(node)

    def _inside(self, node: _Node) -> str:
        """The node's own text, or the texts of its descendants."""
        if node.text:
            return node.text
        inner = [
            t
            for child in node.xml.iter()
            if child is not node.xml and (t := child.get("text") or child.get("content-desc"))
        ]
        return " ".join(" ".join(inner).split())[:200]

    def _label_before(self, node: _Node) -> str:
        """The text directly above a field or to the left of it, which names a field without a hint."""
        x, y, _, height = node.box()
        best = ""
        for other in self._nodes:
            if other is node:
                break
            ox, oy, owidth, oheight = other.box()
            above = oy + oheight <= y + 8 and y - oy < 3 * max(height, 1) and abs(ox - x) < 200
            left = abs(oy - y) < height and ox + owidth <= x + 8
            if other.text and not other.acts and (above or left):
                best = other.text
        return best[:200]

    def _text(self, node: _Node) -> None:
        self.texts.append(Text(node.text, self._text_role(node), node.web, node.region, live=_live(node)))

    def _text_role(self, node: _Node) -> str:
        if node.is_("heading") or _TITLE.search(node.rid):
            return "heading"
        if _live(node):
            return "alert"
        return node.listed or "text"

    def _dp(self, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        x, y, width, height = (round(number / self._density) for number in box)
        return x, y, width, height


def _live(node: _Node) -> bool:
    return node.class_name.endswith("Toast") or bool(_ALERT.search(node.rid.rpartition("/")[2]))


def _plain_id(rid: str) -> str:
    return rid.rpartition("/")[2]


def _place(node: _Node) -> Place:
    box, pane = node.box(), node.pane
    clipped = (False, False)
    if pane is not None:
        wide = box[0] <= pane[0] or box[0] + box[2] >= pane[0] + pane[2]
        clipped = (wide, box[1] <= pane[1] or box[1] + box[3] >= pane[1] + pane[3])
    return Place(box, node.xpath, node.class_name, node.get("text"), clipped)


def as_attribute(text: str) -> str:
    """The text as the page source writes it in an attribute, with XML escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
