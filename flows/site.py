"""Decides whether a host belongs to the target or to a third party. Pure.

A site is a registrable domain. If the public suffix list has no rule for a name, the name's last two labels are its
site, as the list prescribes. A stricter rule decides on which hosts an explorer may act (`explorer.request.addresses`).
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from flows.diagnosis import Diagnosis
from flows.session import Endpoint, SessionLog, entry_step

_SUFFIXES = PublicSuffixList()


def registrable(host: str, *, unlisted: bool = False) -> str:
    """The registrable domain of a host, according to the public suffix list.

    An IP address, a single label or a name under an unlisted suffix is returned unchanged. With `unlisted`, the last
    label of any name counts as a suffix."""
    if host.replace(".", "").isdigit() or ":" in host or "." not in host:
        return host
    if not unlisted and _SUFFIXES.publicsuffix(host, accept_unknown=False) is None:
        return host
    return _SUFFIXES.privatesuffix(host) or host


def is_own(log: SessionLog, host: Endpoint, diagnoses: Mapping[Endpoint, Diagnosis]) -> bool:
    """Whether a host belongs to the target: by its name, or because an option of the run says so (`--allow-origin`).

    An app on a device has no site of its own, so the host's diagnosis decides there.
    """
    diagnosis = diagnoses.get(host)
    if diagnosis is not None and not diagnosis.third_party:
        return True
    entry = entry_step(log)
    opened = "" if entry is None or entry.native else urlsplit(entry.address).hostname or ""
    names = {registrable(name, unlisted=True) for name in (log.target[0], opened) if name}
    return registrable(host[0], unlisted=True) in names
