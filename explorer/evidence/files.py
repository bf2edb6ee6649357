"""Turns each kind of file into a recording. One function for each kind."""

from __future__ import annotations

import time
from collections.abc import Callable

from explorer.evidence.capture.capture import read_capture
from explorer.evidence.capture.notes import notes_about
from explorer.evidence.capture.packet_file import NotACapture
from explorer.evidence.har import Har, read_har, take_entry
from explorer.evidence.net_log import read_net_log
from explorer.evidence.page_error import MOST as MOST_OF_PAGE
from explorer.evidence.page_error import read_page_error
from explorer.evidence.proxies.sessions import proxy_entries
from explorer.evidence.recording import Recording
from explorer.evidence.sniff import Kind
from explorer.evidence.source import Source
from explorer.targets.error import TargetError
from readers.json_stream import NotJson
from readers.tnetstring import NotTnetstring


def recording_in(source: Source) -> Recording:
    """The recording in an opened file. Raises TargetError if the file cannot be read."""
    reader = _READERS.get(source.kind)
    if reader is None:  # packed twice, or an archive that came through a pipe
        raise TargetError(f"{source.name}: is packed in a way that cannot be read; unpack it and give the file inside.")
    try:
        return reader(source)
    except (NotJson, NotACapture, NotTnetstring) as error:
        raise TargetError(f"{source.name}: {error}; ask for the file again.") from error


def _har(source: Source) -> Recording:
    return _requests(read_har(source.blocks), "the HAR")


def _proxy(source: Source) -> Recording:
    tool, found = proxy_entries(source)
    har = Har(tool)
    for number, entry in enumerate(found, 1):
        take_entry(har, number, entry)
    har.cut_off = found.cut_off
    return _requests(har, f"the session of {tool}")


def _requests(har: Har, called: str) -> Recording:
    notes = [
        f"{called[0].upper()}{called[1:]} is cut off: requests after the cut are not in this report."
        if har.cut_off
        else "",
        f"{har.unread} entries of {called} could not be read." if har.unread else "",
        f"{har.kept.left_out} further requests that succeeded are left out." if har.kept.left_out else "",
        f"{har.tool} recorded {called}. It is a proxy, and shows its own certificate to the app. The TLS errors in the "
        "recording are those of the proxy, not those that the app would meet without the proxy."
        if har.by_proxy
        else "",
    ]
    client = har.browser or har.tool or "unknown client"
    return Recording(called, client, har.kept.requests, tuple(filter(None, notes)), by_proxy=har.by_proxy)


def _net_log(source: Source) -> Recording:
    log = read_net_log(source.blocks)
    notes = [
        "The net log is cut off: requests after the cut are not in this report." if log.cut_off else "",
        f"{log.kept.left_out} further requests that succeeded are left out." if log.kept.left_out else "",
        f"The browser went through a proxy: {', '.join(log.proxies)}." if log.proxies else "",
    ]
    told = tuple(filter(None, notes))
    return Recording("the net log", log.client or "Chromium", log.kept.requests, told, hosts=log.hosts)


def _page_error(source: Source) -> Recording:
    text = source.whole(MOST_OF_PAGE).decode("utf-8", "replace")
    return read_page_error(source.name, text, time.time())


def _capture(source: Source) -> Recording:
    found = read_capture(source.blocks, time.time())
    return Recording(
        "the packet capture",
        "unknown client",
        found.kept.requests,
        notes_about(found),
        hosts=found.hosts,
        connections_only=True,
    )


_READERS: dict[Kind, Callable[[Source], Recording]] = {
    Kind.HAR: _har,
    Kind.NET_LOG: _net_log,
    Kind.PAGE_ERROR: _page_error,
    Kind.CAPTURE: _capture,
    Kind.FIDDLER: _proxy,
    Kind.CHARLES: _proxy,
    Kind.CHARLES_ZIP: _proxy,
    Kind.MITMPROXY: _proxy,
}
