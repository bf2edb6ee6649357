"""Compares sentences of two versions: what they name has to be the same, and their other words may become better."""

from __future__ import annotations

import re


def named(why: str) -> str:
    """What a sentence names, in its order: steps, hosts, errors and quotes."""
    return " ".join(re.findall(r"[Ss]tep \d+|[\w.-]+:\d+|net::\w+|«[^»]*»", why)).lower()
