"""Makes small records from CDP events, without what must not be stored (query values, tokens, bodies, headers)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]
_HEADERS = frozenset({"server", "date", "content-type", "via"})
LONGEST = 500


def plain_url(url: str) -> str:
    """A URL without its fragment, its credentials and the values of its query.

    Of a `data:`, `blob:` or `javascript:` URL, and of a text that is not a valid URL, only the scheme is kept."""
    if url.startswith(("data:", "blob:", "javascript:")):
        return url.split(":", maxsplit=1)[0] + ":"
    if url.startswith("about:"):
        return url[:60]
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # nobody can tell where its credentials end
        scheme, found, _ = url.partition("://")
        return f"{scheme[:20]}://" if found and scheme.isalnum() else ""
    names = "&".join(pair.split("=", maxsplit=1)[0][:40] for pair in parts.query.split("&")[:20]) if parts.query else ""
    if ":" in host:
        host = f"[{host}]"
    return f"{parts.scheme}://{host}{port}{parts.path}"[:LONGEST] + (f"?{names}"[:LONGEST] if names else "")


def _headers(headers: Mapping[str, Any]) -> Json:
    return {k.lower(): str(v)[:200] for k, v in headers.items() if k.lower() in _HEADERS}


def _security(details: Mapping[str, Any] | None) -> Json | None:
    if not details:
        return None
    keys = ("protocol", "keyExchange", "keyExchangeGroup", "cipher", "subjectName", "issuer", "validFrom", "validTo")
    return {k: details[k] for k in keys if k in details}


def initiator(given: Mapping[str, Any]) -> Json:
    """What caused a request: kind, URL, and whether it was a timer (an interval, or a timeout that repeats itself)."""
    stack = given.get("stack") or {}
    frames = stack.get("callFrames") or []
    url = given.get("url") or next((f.get("url", "") for f in frames if f.get("url")), "")
    timer, timeouts, level = False, [], stack
    for _ in range(8):
        parent = level.get("parent")
        if not parent:
            break
        told = str(parent.get("description", ""))
        if told == "setInterval":
            timer = True
        elif told == "setTimeout":
            top: dict[str, Any] = next(iter(parent.get("callFrames") or []), {})
            timeouts.append((top.get("scriptId"), top.get("lineNumber"), top.get("columnNumber")))
        url = url or next((f.get("url", "") for f in parent.get("callFrames") or [] if f.get("url")), "")
        level = parent
    if len(timeouts) > len(set(timeouts)):
        timer = True
    return {"type": given.get("type", "other"), "url": plain_url(url) if url else "", "timer": timer}


def request_sent(p: Json) -> Json:
    """The record data of a `Network.requestWillBeSent` event."""
    request = p["request"]
    redirect = p.get("redirectResponse")
    return {
        "request": p["requestId"],
        "loader": p.get("loaderId", ""),
        "url": plain_url(request["url"]),
        "method": request["method"],
        "type": p.get("type", "Other"),
        "document_url": plain_url(p.get("documentURL", "")),
        "mixed": request.get("mixedContentType", "none"),
        "priority": request.get("initialPriority", ""),
        "initiator": initiator(p.get("initiator") or {}),
        "wall": p.get("wallTime", 0.0),
        "gesture": bool(p.get("hasUserGesture")),
        "redirect": None if not redirect else response(redirect),
    }


def response(r: Json) -> Json:
    """The record data of a `Network.Response`."""
    return {
        "status": int(r.get("status", 0)),
        "address": r.get("remoteIPAddress", ""),
        "port": r.get("remotePort", 0),
        "protocol": r.get("protocol", ""),
        "mime": r.get("mimeType", ""),
        "security": _security(r.get("securityDetails")),
        "worker": bool(r.get("fromServiceWorker")),
        "cached": bool(r.get("fromDiskCache") or r.get("fromPrefetchCache")),
        "headers": _headers(r.get("headers") or {}),
    }


def shortened(method: str, p: Json) -> Json | None:  # noqa: PLR0912 - one case for each event
    """The record data of an event; None for events that say nothing about failures or traffic."""
    match method:
        case "Network.requestWillBeSent":
            return request_sent(p)
        case "Network.responseReceived":
            return {
                "request": p["requestId"],
                "type": p.get("type", ""),
                "url": plain_url(p["response"].get("url", "")),
                **response(p["response"]),
            }
        case "Network.loadingFinished":
            return {"request": p["requestId"]}
        case "Network.loadingFailed":
            cors = p.get("corsErrorStatus") or {}
            return {
                "request": p["requestId"],
                "type": p.get("type", ""),
                "error": p.get("errorText", ""),
                "canceled": bool(p.get("canceled")),
                "blocked": p.get("blockedReason", ""),
                "cors": cors.get("corsError", ""),
            }
        case "Network.webSocketCreated":
            return {
                "request": p["requestId"],
                "url": plain_url(p["url"]),
                "initiator": initiator(p.get("initiator") or {}),
            }
        case "Network.webSocketWillSendHandshakeRequest":
            return {"request": p["requestId"], "wall": p.get("wallTime", 0.0)}
        case "Network.webSocketHandshakeResponseReceived":
            return {"request": p["requestId"], "status": int(p["response"].get("status", 0))}
        case "Network.webSocketFrameError":
            return {"request": p["requestId"], "error": str(p.get("errorMessage", ""))[:300]}
        case "Network.webSocketClosed" | "Network.requestServedFromCache":
            return {"request": p["requestId"]}
        case "Log.entryAdded":
            e = p["entry"]
            return {
                "log": e.get("source", ""),
                "level": e.get("level", ""),
                "text": _text(str(e.get("text", ""))),
                "url": plain_url(e.get("url") or ""),
                "request": e.get("networkRequestId", ""),
            }
        case "Security.certificateError":
            return {"error": p.get("errorType", ""), "url": plain_url(p.get("requestURL", ""))}
        case "Runtime.exceptionThrown":
            d = p["exceptionDetails"]
            thrown = (d.get("exception") or {}).get("description") or d.get("text", "")
            return {"text": _text(str(thrown)), "url": plain_url(d.get("url") or ""), "line": d.get("lineNumber", 0)}
        case "Audits.issueAdded":
            return _issue(p["issue"])
        case "Browser.downloadWillBegin":
            return {"url": plain_url(p.get("url", "")), "guid": p.get("guid", "")}
        case "Inspector.targetCrashed" | "Target.targetCrashed":
            return {}
    return None


def _issue(issue: Json) -> Json | None:
    details = (issue.get("details") or {}).get("mixedContentIssueDetails")
    if issue.get("code") != "MixedContentIssue" or not details:
        return None
    return {
        "issue": "MixedContentIssue",
        "status": details.get("resolutionStatus", ""),
        "url": plain_url(details.get("insecureURL", "")),
        "document_url": plain_url(details.get("mainResourceURL", "")),
        "resource": details.get("resourceType", ""),
        "request": (details.get("request") or {}).get("requestId", ""),
    }


def is_file(p: Json) -> bool:
    """Whether a `Network.responseReceived` is a file that the browser shows instead of a page, such as a PDF."""
    r = p["response"]
    mime = str(r.get("mimeType", "")).lower()
    page = not mime or "html" in mime or "xml" in mime
    return p.get("type") == "Document" and 200 <= int(r.get("status", 0)) < 300 and not page


def posted(told: Json) -> bytes:
    """The request body in an answer of `Network.getRequestPostData`, decoded where the browser sent it as Base64."""
    text = str(told.get("postData", ""))
    try:
        return base64.b64decode(text) if told.get("base64Encoded") else text.encode()
    except binascii.Error:
        return text.encode()


def _text(text: str) -> str:
    """A message in one line, without the query values of the URLs in it."""
    words = [plain_url(w) if "://" in w and "?" in w else w for w in text[:2000].split()]
    return " ".join(words)[:LONGEST]
