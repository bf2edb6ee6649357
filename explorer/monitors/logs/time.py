"""Parses times in logs and exceptions. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: ?([+-])(\d\d):?(\d\d)|(Z))?$")
_JAVA = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) (\S+) (\d{4})")
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {m: n for n, m in enumerate(_NAMES, 1)}
_COMPARED = re.compile(r"(?:expired at|not valid until) (.{10,45}?) \(compared to (.{10,45}?)\)", re.IGNORECASE)
_CURRENT = re.compile(r"current time: (.{10,45}?), validation time: (.{10,45}?)(?:$|[,)])", re.IGNORECASE)

FAR = timedelta(days=2)
"""If the times of an error and of its log line differ by more, the clock is wrong: no time zone explains that."""
ABSURD = timedelta(days=366)
"""If a certificate becomes valid later than this after the client's current time, the client's clock is wrong.

No server uses a certificate so long before it is valid."""


def parse_stamp(stamp: str) -> tuple[datetime | None, bool]:
    """The time of a log line, and whether the line gives a time zone.

    The time is None if the line has no year. Without a time zone, the time counts as UTC."""
    if re.fullmatch(r"\d{9,12}\.\d{3,9}", stamp):
        return datetime.fromtimestamp(float(stamp), UTC), True
    match = _ISO.match(stamp)
    if match is None:
        return None, False
    year, month, day, hour, minute, second = (int(match[i]) for i in range(1, 7))
    micro = int((match[7] or "0")[:6].ljust(6, "0"))
    zone = UTC
    if match[8]:
        offset = timedelta(hours=int(match[9]), minutes=int(match[10]))
        zone = timezone(offset if match[8] == "+" else -offset)
    try:
        return datetime(year, month, day, hour, minute, second, micro, zone), bool(match[8] or match[11])
    except ValueError:
        return None, False


def shown(stamp: str) -> str:
    """Format a log line's time for reports, in ISO 8601: in UTC, or without an offset if the zone is unknown.

    Returns `stamp` itself if it has no year."""
    when, zoned = parse_stamp(stamp)
    if when is None:
        return stamp
    if zoned:
        return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return when.replace(tzinfo=None).isoformat(timespec="milliseconds")


def java_date(text: str) -> datetime | None:
    """Parse a date from `java.util.Date.toString()`. Its zone is read as UTC, so it may be wrong by some hours."""
    match = _JAVA.search(text)
    if match is None or match[1] not in _MONTHS:
        return None
    try:
        return datetime(
            int(match[7]), _MONTHS[match[1]], int(match[2]), int(match[3]), int(match[4]), int(match[5]), tzinfo=UTC
        )
    except ValueError:
        return None


def clock_is_wrong(flat: str, stamp: str) -> bool:
    """Whether an error about a certificate's date shows that the client's clock is wrong.

    It does if the current time that the error names differs from the log line's time by more than `FAR`, or lies more
    than `ABSURD` before the certificate's date."""
    match = _COMPARED.search(flat) or _CURRENT.search(flat)
    if match is None:
        return False
    limit, now = java_date(match[1]), java_date(match[2])
    if "current time" in match[0].lower():
        limit, now = now, limit
    if now is None:
        return False
    when, _ = parse_stamp(stamp)
    if when is not None and abs(when - now) > FAR:
        return True
    return limit is not None and limit - now > ABSURD
