"""Parses one line of a saved log, in any of the formats of phones, Android Studio, Xcode, servers and browsers. Pure.

Logcat's formats are those of AOSP `liblog/logprint.cpp` with its modifiers (year, zone, uid, usec, epoch, monotonic).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_TEXT = 16_384
"""How many characters of a line are read."""

_TIME = r"(?P<time>(?:\d{4}-)?\d\d-\d\d[ T]\d\d:\d\d:\d\d[.,]\d{1,9}(?: ?[+-]\d{4}|Z)?)"
_CLOCK = r"(?P<time>\d\d:\d\d:\d\d\.\d{3,6})"
_STAMP = rf"(?:{_TIME}|(?P<epoch>\d{{1,12}}\.\d{{3,9}}))"
_LEVEL = r"(?P<level>[VDIWEFAS])"
_TAG = r"(?P<tag>(?:[^:]|:(?=[^ ])){0,120}?)"
_PROCESS = r"(?P<package>[^\s\[(]{1,80}(?: [^\s\[(]{1,40}){0,3})"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"

_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_ISO = r"\d{4}[-/]\d\d[-/]\d\d[T ,]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?"
_BARE_CLOCK = r"\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"

FORMATS: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (name, platform, re.compile(pattern))
    for name, platform, pattern in (
        (
            "threadtime",
            "android",
            rf"{_STAMP}\s+(?:(?!\d+ +[VDIWEFAS] )[\w.]+\s+)?(?P<pid>\d+)\s+(?P<tid>\d+)\s+{_LEVEL} {_TAG}\s*:(?: (?P<text>.*)|$)",
        ),
        (
            "studio-old",
            "android",
            rf"(?:{_TIME}|(?P<clock>\d\d:\d\d:\d\d\.\d{{3}}))\s+(?P<pid>\d+)-(?P<tid>\d+)/(?P<package>\S*)\s+{_LEVEL}/{_TAG}\s*:(?: (?P<text>.*)|$)",
        ),
        (
            "studio",
            "android",
            rf"(?:{_TIME}|(?P<clock>\d\d:\d\d:\d\d\.\d{{3}}))\s+(?P<pid>\d+)-(?P<tid>\d+)\s+(?P<tag>\S.{{0,60}}?)\s+(?P<package>\S+)\s+{_LEVEL}(?:  ?(?P<text>.*)|$)",
        ),
        (
            "studio-untold",  # without the package's name, which is an option
            "android",
            rf"(?:{_TIME}|(?P<clock>\d\d:\d\d:\d\d\.\d{{3}}))\s+(?P<pid>\d+)-(?P<tid>\d+)\s+(?P<tag>\S.{{0,60}}?)\s+{_LEVEL}(?:  (?P<text>.*)|$)",
        ),
        ("studio-short", "android", rf"{_CLOCK}\s+(?P<pid>\d+)-(?P<tid>\d+)\s+(?P<tag>\S+)\s+(?P<text>.*)"),
        ("studio-bare", "android", rf"{_CLOCK}  {_LEVEL}  (?P<text>.*)"),
        ("studio-compact", "android", rf"{_CLOCK}\s+{_LEVEL}\s+{_TAG}\s*: (?P<text>.*)"),
        ("time", "android", rf"{_STAMP}:?\s+{_LEVEL}/{_TAG}\s*\(\s*(?P<pid>\d+)\):(?: (?P<text>.*)|$)"),
        (
            "long",
            "android",
            rf"\[ {_STAMP}\s+(?:[\w.]+:\s*)?(?P<pid>\d+):\s*(?P<tid>\d+) {_LEVEL}/(?P<tag>.{{0,120}}?)\s*\]$",
        ),
        ("brief", "android", rf"{_LEVEL}/(?P<tag>[^(]{{0,120}}?)\s*\(\s*(?P<pid>\d+)\):(?: (?P<text>.*)|$)"),
        ("thread", "android", rf"{_LEVEL}\(\s*(?P<pid>\d+):\s*(?P<tid>\d+)\) (?P<text>.*)"),
        ("process", "android", rf"{_LEVEL}\(\s*(?P<pid>\d+)\) (?P<text>.*?)(?:  \((?P<tag>[^()]{{1,80}})\))?$"),
        ("tag", "android", rf"{_LEVEL}/(?P<tag>[\w.$ \-]{{1,80}}?)\s*:(?: (?P<text>.*)|$)"),
        ("tag-short", "android", rf"{_LEVEL} (?P<tag>[\w.$\-]{{1,80}})\s*: (?P<text>.*)"),
        (
            "xcode",
            "ios",
            rf"{_TIME}\s+(?:(?:Df|Db|[EFIAS])\s+)?{_PROCESS}\[(?P<pid>\d+):(?P<tid>[0-9a-fx]+)\] ?(?P<text>.*)",
        ),
        (
            "os-log",
            "ios",
            rf"{_TIME}\s+(?P<tid>0x[0-9a-f]+)\s+\w+\s+0x[0-9a-f]+\s+(?P<pid>\d+)\s+\d+\s+(?P<package>[^:]{{1,80}}): ?(?P<text>.*)",
        ),
        (
            "os-log-syslog",
            "ios",
            rf"{_TIME}\s+\S+ (?P<package>[^\[]{{1,80}})\[(?P<pid>\d+)\]:? ?(?P<text>.*)",
        ),
        (
            "syslog",
            "ios",
            rf"(?P<time>{_MONTH}\s+\d{{1,2}} \d\d:\d\d:\d\d(?:\.\d{{1,6}})?) (?:[^\s\[(]+ )?(?P<package>[^\[(]{{1,80}}?)(?:\((?P<tag>[^)]{{1,80}})\))?\[(?P<pid>\d+)\](?: <(?P<severity>\w+)>)?: ?(?P<text>.*)",
        ),
        (
            "console-app",
            "ios",
            r"(?:default|error|fault|info|debug)\t(?P<time>[\d:.+\- ]{8,32})\t(?P<package>[^\t]{1,80})\t(?P<text>.*)",
        ),
        # Servers, tools and browsers. The text keeps what follows the time: their forms differ too much after it.
        ("stamped", "", rf"[\[(]?(?P<time>{_ISO})[\])]?:?(?: |$)(?P<text>.*)"),
        ("apache", "", rf"\[{_DAY} (?P<time>{_MONTH} \d\d {_BARE_CLOCK} \d{{4}})\] (?P<text>.*)"),
        ("access", "", r"\S{1,80} \S{1,80} \S{1,80} \[(?P<time>\d\d/\w{3}/\d{4}:[\d: +\-]{8,15})\] (?P<text>.*)"),
        ("levelled", "", rf"\[?(?:[A-Z]{{4,8}}|[A-Z],)\]?:? [\[(]?(?P<time>{_ISO})\b(?P<text>.*)"),
        ("klog", "", rf"{_LEVEL}\d{{4}} (?P<time>{_BARE_CLOCK})\s+(?P<pid>\d+) (?P<text>\S+:\d+\] .*)"),
        ("logfmt", "", rf"(?:time|ts|timestamp)=\"?(?P<time>{_ISO})\"?(?P<text> .*)"),
        ("json-line", "", r"(?P<text>\{\s*\"[\w@.]{1,40}\":.*\})$"),
        ("epoch", "", r"\[?(?P<epoch>\d{10}(?:\.\d{1,9})?)\]?:? (?P<text>\S.*)"),
        ("syslog-bare", "", rf"(?P<time>{_MONTH} [ \d]\d {_BARE_CLOCK}) (?P<text>\S.*)"),
        ("clock", "", rf"[\[(]?(?P<time>{_BARE_CLOCK}(?:[+-]\d{{4}})?)[\])]?[ \t]+(?P<text>\S.*)"),
        ("flutter-run", "", r"\[[ +\d ms]{2,12}\] (?P<text>.*)"),
        ("level", "", r"(?P<text>\[?(?:ERROR|WARN(?:ING)?|INFO|DEBUG|TRACE|FATAL|CRITICAL|SEVERE|NOTICE)\b\]?[: ].*)"),
        ("web-inspector", "", r"(?P<text>\[(?:Error|Warning|Log|Info|Debug)\] \S.*)"),
        (
            "named",
            "",
            r"(?P<text>(?:(?:flutter|dart): |(?:TIC|nw_\w{1,60}|boringssl_\w{1,60}|\[(?:boringssl|connection|tcp)\])\b).*)",
        ),
        (
            "console",
            "",
            r"(?P<text>(?:\(index\)|[\w./~@\-]{1,200}\.(?:js|mjs|ts|tsx|jsx|html?))(?:\?\S{0,80})?:\d{1,7}(?::\d{1,7})? +\S.*)",
        ),
    )
)
"""Name, platform and pattern of each line format, the most specific first."""

SERVER_FORMATS = frozenset(FORMATS[n][0] for n in range(len(FORMATS)) if not FORMATS[n][1])
"""Names of the formats of servers, tools and browsers. Each such line is an entry of its own, unless it is indented."""
_QUOTED = re.compile(r"(?:> ?)+")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Line:
    """A parsed line. `form` is the format's name, or empty if the line has no header (a continuation, plain text).

    `number` counts from 1. `pid` and `tid` are texts, as in the log; `stamp` is the time as the log writes it."""

    number: int
    text: str
    form: str = ""
    platform: str = ""
    stamp: str = ""
    pid: str = ""
    tid: str = ""
    level: str = ""
    tag: str = ""
    package: str = ""
    hinted: bool = True


def decode(raw: bytes) -> str:
    """A line's text without colours, control characters and bidi overrides. Invalid UTF-8 becomes U+FFFD."""
    text = raw[: MAX_TEXT * 2].rstrip(b"\r\n").decode("utf-8", "replace")
    if text.isprintable() and text.isascii():
        return text
    return _UNPRINTABLE.sub("", _COLOUR.sub("", text))


class LineParser:
    """Parses lines. It tries the format of the last line first, because a log seldom changes its format."""

    def __init__(self) -> None:
        self._last = FORMATS[0]
        self.recognised = 0
        """How many lines had a header so far."""

    def parse(self, number: int, text: str, hinted: bool = True) -> Line:
        """Parse a line. A line without a header keeps all its text."""
        text = text[:MAX_TEXT]
        if text.startswith(">"):
            text = _QUOTED.sub("", text, count=1)  # a log that somebody quoted in a mail
        match = self._last[2].match(text)
        if match is None:
            if not text or text[0] in " \t":
                bare = text.lstrip(" ")
                if not bare[:1].isdigit() or FORMATS[0][2].match(bare) is None:
                    return Line(number, text, hinted=hinted)
                text = bare  # epoch and monotonic times are padded with spaces on the left
            for candidate in FORMATS:
                match = candidate[2].match(text)
                if match is not None:
                    self._last = candidate
                    break
            else:
                return Line(number, text, hinted=hinted)
        self.recognised += 1
        part = match.groupdict()
        return Line(
            number,
            part.get("text") or "",
            form=self._last[0],
            platform=self._last[1],
            stamp=part.get("time") or part.get("epoch") or part.get("clock") or "",
            pid=part.get("pid") or "",
            tid=part.get("tid") or "",
            level=part.get("level") or "",
            tag=(part.get("tag") or "").strip(),
            package=_package(part.get("package") or ""),
            hinted=hinted,
        )


def _package(name: str) -> str:
    """The package name; empty for `?` and `pid-123`, which Android Studio writes for an unknown process."""
    return "" if name == "?" or name.startswith("pid-") else name.strip()
