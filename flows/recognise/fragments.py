"""Finds text fragments of which every match of a regular expression contains at least one.

An expression need not be tried on a text without any of its fragments. This saves time: there are thousands of
expressions in a dozen languages, and a name on a screen matches one or two. The fragments come from the literal
characters of an expression. If they cannot be determined, the expression is tried on every text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""A character of Chinese, Japanese or Korean."""
ATOM = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
"""The smallest part of an expression: a character, an escape, a class or a parenthesis."""
_TIMES = re.compile(r"[?*+]|\{\d*,?\d*\}")
_RARE_CASES = re.compile(r"[\u0370-\u052f\u1c80-\u1fff]")
"""Greek and Cyrillic letters. Some have several lower-case forms, so no fragment contains such letters."""


def fold(text: str) -> str:
    """Returns a text in a form for comparing without case: lower case, Turkish «İ» and «ı» as «i», «ſ» as «s»."""
    return text.lower().replace("i\u0307", "i").replace("ı", "i").replace("ſ", "s")


@lru_cache(maxsize=16384)
def pieces(text: str) -> frozenset[str]:
    """Returns all substrings of two or three characters, and each wide character, which may be a word by itself."""
    flat = fold(text)
    found = {flat[at : at + 3] for at in range(len(flat) - 2)}
    found.update(flat[at : at + 2] for at in range(len(flat) - 1))
    found.update(WIDE.findall(flat))
    return frozenset(found)


@lru_cache(maxsize=32768)
def needed(expression: str) -> frozenset[str]:
    """Fragments of which every matching text contains at least one. Empty if they cannot be determined."""
    found: set[str] = set()
    for part in _alternatives(expression):
        one = _of_row(part)
        if not one:
            return frozenset()
        found |= one
    return frozenset(found)


def _of_row(atoms: list[tuple[str, str]]) -> frozenset[str]:
    """Returns the best fragments of a sequence of atoms: the smallest set and, among equals, the longest fragments."""
    choices: list[frozenset[str]] = []
    run = ""
    for atom, times in (*atoms, ("", "")):
        optional = times.startswith(("?", "*", "{0", "{,"))
        literal = len(atom) == 1 and (atom.isalnum() or atom == " ") and not _RARE_CASES.match(atom)
        if literal and not optional:
            run += fold(atom)
        if not literal or times:
            choices += [frozenset({piece}) for piece in _piece(run)]
            run = ""
        if atom.startswith("(") and not optional:
            inner = atom[1:-1].removeprefix("?:")
            choices.append(frozenset() if inner.startswith("?") else needed(inner))
    return min(filter(None, choices), key=lambda c: (len(c), -min(map(len, c))), default=frozenset())


def _piece(run: str) -> Iterator[str]:
    """Yields at most one fragment of a literal: none if the literal is too short to be distinctive. Avoids spaces."""
    word = max(run.split(" "), key=len)
    if len(word) >= 2:
        yield word[:3]
    elif len(run) >= 3 and not run.isspace():
        yield run[:3]
    elif WIDE.fullmatch(word):
        yield word


def _alternatives(expression: str) -> Iterator[list[tuple[str, str]]]:
    """Yields each alternative as pairs of an atom (character, class or group) and its quantifier (empty: once)."""
    row: list[tuple[str, str]] = []
    at = 0
    while at < len(expression):
        end = _atom_end(expression, at)
        times = _TIMES.match(expression, end)
        if expression[at:end] == "|":
            yield row
            row = []
        else:
            row.append((expression[at:end], times.group() if times else ""))
        at = times.end() if times else end
    yield row


def _atom_end(expression: str, start: int) -> int:
    """Returns the index after the atom (character, class or group) that begins at `start`."""
    depth, at = 0, start
    while at < len(expression):
        found = ATOM.match(expression, at)
        assert found is not None
        depth += {"(": 1, ")": -1}.get(found.group(), 0)
        at = found.end()
        if depth <= 0:
            break
    return at
