"""Parses untrusted YAML into plain data. Counts all values first, so that aliases cannot make a small file huge."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from typing import Any

import yaml

from readers import bounded
from readers.regular import Unreadable, read_text

MAX_BYTES = 1 << 20
"""Largest file, in bytes. The largest YAML file in Trustwalk itself has about 25,000."""
MAX_NODES = 100_000
"""Most values in a file, each alias counted as what it stands for."""
MAX_SCALAR = 64 << 10
"""Longest single value, in characters."""
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's loader if it is installed: it is ten times faster. Both loaders are safe: they build plain data only."""


def read(file: Traversable) -> tuple[str, Any]:
    """The text of a YAML file, and its data. Raises Unreadable."""
    text = read_text(file, MAX_BYTES)
    return text, load(text)


def load(text: str) -> Any:
    """Parse YAML. Raises Unreadable, whose message completes a sentence: «is not valid YAML: …»."""
    try:
        _count(text)
        data = yaml.load(text, Loader=LOADER)  # noqa: S506 both loaders are safe ones
        bounded.check(data)
    except yaml.YAMLError as error:
        raise Unreadable(f"is not valid YAML: {_plain(error)}") from error
    except _TooMuch as error:
        raise Unreadable(f"cannot be read as YAML (it {error})") from error
    except (ValueError, ArithmeticError, LookupError, AttributeError, TypeError, RecursionError) as error:
        # PyYAML lets through what its constructors raise: for 2020-13-45, !!bool maybe, a number of 5,000 digits
        raise Unreadable(f"cannot be read as YAML (a value is not valid: {_plain(error)})") from error
    return data


class _TooMuch(Exception):
    """The text exceeds a limit. The message is the second half of a sentence."""


def _count(text: str) -> None:
    """Check the limits on the parser's events, before anything is built. Raises _TooMuch and yaml.YAMLError."""
    opened: list[tuple[str, int]] = []  # anchor, and how many nodes came before
    sizes: dict[str, int] = {}
    nodes = 0
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            opened.append((event.anchor or "", nodes))
            nodes += 1
            if len(opened) > bounded.MAX_DEPTH:
                raise _TooMuch(bounded.TOO_DEEP)
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = opened.pop()
            if anchor:
                sizes[anchor] = nodes - before
        elif isinstance(event, yaml.ScalarEvent):
            nodes += 1
            if len(event.value) > MAX_SCALAR:
                raise _TooMuch(f"holds a value of more than {MAX_SCALAR} characters")
            if event.anchor:
                sizes[event.anchor] = 1
        elif isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in opened):
                raise _TooMuch("holds an alias for a value that contains the alias")
            nodes += sizes.get(event.anchor or "", 1)
        if nodes > MAX_NODES:
            raise _TooMuch(f"holds more than {MAX_NODES} values")


def _plain(error: Exception) -> str:
    """An error in one line, with «?» for control characters."""
    text = " ".join(str(error).split()) or type(error).__name__
    return "".join(c if c.isprintable() else "?" for c in text)[:300].rstrip(".")
