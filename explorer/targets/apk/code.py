"""Searches an app's code for hosts, and for code that weakens certificate checks.

The search is static and shallow on purpose: it tells what the code contains, not whether it runs. So each hit names
the class and the method, and the report shows it as a finding, never as the cause of an incident.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from explorer.targets.apk.dex import Dex, Method

_URL = re.compile(r"(?:https?|wss?)://[^\s\"'<>\\^`{|}\x00-\x1f]{3,500}", re.IGNORECASE)
_HOST = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z|[\d.]+\Z|localhost\Z"
)
_NAMESPACES = frozenset(
    {"schemas.android.com", "www.w3.org", "ns.adobe.com", "xmlpull.org", "xml.org", "java.sun.com", "www.apache.org"}
    | {"schemas.xmlsoap.org", "xml.apache.org", "purl.org", "www.slf4j.org", "logback.qos.ch", "schemas.microsoft.com"}
)
"""Hosts that appear in XML namespaces and similar identifiers. Apps do not connect to them."""

_TRUST_MANAGERS = frozenset({"Ljavax/net/ssl/X509TrustManager;", "Ljavax/net/ssl/X509ExtendedTrustManager;"})
_VERIFIERS = frozenset({"Ljavax/net/ssl/HostnameVerifier;"})
_KNOWN_TYPES = {
    "Lorg/apache/http/conn/ssl/AllowAllHostnameVerifier;": "accept-all-verifier",
    "Lio/netty/handler/ssl/util/InsecureTrustManagerFactory;": "trust-all-manager",
}
_NOP, _RETURN_VOID, _RETURN, _CONST4 = 0x00, 0x0E, 0x0F, 0x12
_HARMLESS = frozenset({_NOP, _RETURN_VOID, 0x28, 0x29, *range(0x01, 0x0E), *range(0x12, 0x1D)})
"""Opcodes of moves, constants, jumps, and a return without a value. A method with no other opcodes checks nothing."""
_INVOKES = frozenset({*range(0x6E, 0x73), *range(0x74, 0x79)})


@dataclass(frozen=True, slots=True)
class Weakness:
    """Code that weakens certificate checks.

    `kind` is `trust-all-manager`, `accept-all-verifier` or `ssl-error-ignored`. `place` names the class, and the method
    if it is known. `certain` is False in two cases: the code may still check the certificate or ask the user, or it
    belongs to a library and may be unused."""

    kind: str
    place: str
    certain: bool = True


def urls(texts: Iterable[str]) -> Iterator[str]:
    """The http(s) and ws(s) URLs in some texts, without URLs that only name a format, such as XML namespaces."""
    for text in texts:
        if "://" not in text:
            continue
        for found in _URL.findall(text):
            if (host := host_of(found)) and host not in _NAMESPACES:
                yield found.rstrip(".,;:)")


def host_of(url: str) -> str:
    """The host name of a URL in lower case. Empty if the URL has no valid host, as in `https://%s/` or `https://`."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host if _HOST.match(host) else ""


def weaknesses(dex: Dex) -> Iterator[Weakness]:
    """The code in a DEX file that weakens certificate checks. Overloads of a method give the same place."""
    for method in dex.methods(_TRUST_MANAGERS, frozenset({"checkServerTrusted"})):
        if all(op in _HARMLESS for op, _ in method.opcodes()):
            yield Weakness("trust-all-manager", _place(method))
    for method in dex.methods(_VERIFIERS, frozenset({"verify"})):
        if _always_true(method):
            yield Weakness("accept-all-verifier", _place(method))
    for method in dex.methods(frozenset(), frozenset({"onReceivedSslError"})):
        called = {dex.method(units[1]) for op, units in method.opcodes() if op in _INVOKES}
        if ("Landroid/webkit/SslErrorHandler;", "proceed") in called:
            certain = ("Landroid/webkit/SslErrorHandler;", "cancel") not in called
            yield Weakness("ssl-error-ignored", _place(method), certain)
    for descriptor in dex.types():
        if kind := _KNOWN_TYPES.get(descriptor):
            yield Weakness(kind, java_name(descriptor), certain=False)


def java_name(descriptor: str) -> str:
    """The Java name for a type descriptor: `com.example.Main` for `Lcom/example/Main;`."""
    return descriptor.removeprefix("L").removesuffix(";").replace("/", ".")


def _place(method: Method) -> str:
    return f"{java_name(method.owner)}.{method.name}"


def _always_true(method: Method) -> bool:
    """Whether the body is only `return true`."""
    ones: set[int] = set()
    returned: list[int] = []
    for op, units in method.opcodes():
        if op == _RETURN:
            returned.append(units[0] >> 8)
        elif op == _CONST4 and units[0] >> 12 == 1:
            ones.add(units[0] >> 8 & 0xF)
        elif op == 0x13 and units[1] == 1:  # const/16
            ones.add(units[0] >> 8)
        elif op != _NOP:
            return False
    return bool(returned) and all(register in ones for register in returned)
