"""The keys of `Evidence.facts`: observations of a probe that only some causes or clients need.

Journals and report.json use the same keys. A reader keeps the unknown keys of a newer journal.
"""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

Yes = Literal["yes"]
Missing = Literal["completed", "elsewhere", "kin", "served-issuer", "root-by-name", "alone", "unreadable"]
"""What is known about the missing certificate if the path has no trust anchor.

`completed`: it was found, and with it the path reaches a trusted root. `elsewhere`: it was found, but with it the path
ends at an untrusted root. `kin`: it was not found, but its issuer's name and the name of one of the user's own roots
match in part. `served-issuer`: the server sent an intermediate, but the issuer of that intermediate is unknown.
`root-by-name`: the leaf names a root as its issuer. `alone`: the server sent only the leaf, and nothing is known about
its issuer. `unreadable`: the server's data are not a certificate."""

_PathFacts = TypedDict(
    "_PathFacts",
    {
        "path": str,  # subjects of the path, leaf first
        "path-certificates": str,  # SHA-256 of the same, separated by commas
        "anchor": str,  # the trusted root's subject
        "anchor-private": Yes,  # it is one of the user's own roots
        "ends-at": str,  # the issuer of the last certificate
        "top": Literal["self-signed"],  # the last certificate issued itself
        "missing": Missing,
        "missing-pem": str,
        "issuer-not-asked": str,  # why no issuer was fetched
        "missing-from": str,  # where it was found: an address, or the machine's own store
        "completed-to": str,  # the root's subject
        "completed-private": Yes,
        "revocation": str,
        "must-staple": str,
        "unreadable": str,  # why the server's data are no certificate
    },
    total=False,
)
_ServedFacts = TypedDict(
    "_ServedFacts",
    {
        "chain-order": str,
        "chain-duplicate": str,
        "chain-superfluous": str,
        "chain-expired-extra": str,
        "needs-sni": str,
    },
    total=False,
)
_HandshakeFacts = TypedDict(
    "_HandshakeFacts",
    {
        "enumerated": Yes,  # all versions were offered one by one
        "handshake": str,  # how the handshake ended, if it did not succeed
        "after-handshake": str,  # what came instead of an answer: alert, closed, reset
        "first-bytes": str,  # what a server that speaks no TLS said
        "http-status": str,
        "http-says": str,
        "clock-witnesses": str,  # hosts whose clock agrees with ours where this server's does not
    },
    total=False,
)
_ClientFacts = TypedDict(
    "_ClientFacts",
    {
        "client-issuer": str,  # the issuer of the leaf that the client was given
        "client-certificate": str,  # that leaf's SHA-256
        "client-alert": str,  # alerts that passed on the client's connections
        "client-path": str,  # what the client's verifier said
    },
    total=False,
)


@with_config(ConfigDict(extra="allow"))
class ProbeFacts(_PathFacts, _ServedFacts, _HandshakeFacts, _ClientFacts, total=False):
    """The facts of a probe, by name: every key that a probe may set and a diagnosis may read.

    Unknown keys from a newer journal are kept.
    """


Oddity = Literal[
    "chain-order", "chain-duplicate", "chain-superfluous", "chain-expired-extra", "needs-sni", "must-staple"
]
"""The keys of observations that are reported as findings of their own."""
