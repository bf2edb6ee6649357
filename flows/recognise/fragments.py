"""Which pieces of text an expression cannot match without, so that most texts need not be held against it at all.

Thousands of expressions in a dozen languages are known, and a name on a screen fits one or two of them. What an expression
needs is read off its literal characters; where that is not plain to see, it is said to need nothing, and is always tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""A character of Chinese, Japanese or Korean."""
_ATOM = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_TIMES = re.compile(r"[?*+]|\{\d*,?\d*\}")
_RARE_CASES = re.compile(r"[\u0370-\u052f\u1c80-\u1fff]")
"""Greek and Cyrillic have letters with several small forms: no piece is taken from those."""


def fold(text: str) -> str:
    """Characters that match each other without case become the same one, as the Turkish «İ» and «ı» and «i» do."""
    return text.lower().replace("i\u0307", "i").replace("ı", "i").replace("ſ", "s")


@lru_cache(maxsize=16384)
def pieces(text: str) -> frozenset[str]:
    """Two or three characters in a row, and each wide one, which may be a word by itself."""
    flat = fold(text)
    found = {flat[at : at + 3] for at in range(len(flat) - 2)}
    found.update(flat[at : at + 2] for at in range(len(flat) - 1))
    found.update(WIDE.findall(flat))
    return frozenset(found)


def needed(expression: str) -> frozenset[str]:
    """Pieces of which a text that the expression matches has at least one; empty if that cannot be told."""
    found: set[str] = set()
    for part in _alternatives(expression):
        one = _of_row(part)
        if not one:
            return frozenset()
        found |= one
    return frozenset(found)


def _of_row(atoms: list[tuple[str, str]]) -> frozenset[str]:
    """The best of what the parts of a row need: the fewest pieces, then the longest ones."""
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
    """One piece out of literal characters in a row, if it tells enough; rather of one word than across a space."""
    word = max(run.split(" "), key=len)
    if len(word) >= 2:
        yield word[:3]
    elif len(run) >= 3 and not run.isspace():
        yield run[:3]
    elif WIDE.fullmatch(word):
        yield word


def _alternatives(expression: str) -> Iterator[list[tuple[str, str]]]:
    """Each alternative as atoms (characters, classes, whole groups), each with how often it comes (empty: once)."""
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
    """Where a character, a class or a group ends."""
    depth, at = 0, start
    while at < len(expression):
        found = _ATOM.match(expression, at)
        assert found is not None
        depth += {"(": 1, ")": -1}.get(found.group(), 0)
        at = found.end()
        if depth <= 0:
            break
    return at
