"""Takes accents off Latin letters, so that words match however a site spells them: «RESILIER», «schliessen». Pure.

Capitals often come without accents, the Swiss write «ss» for «ß», and who has no umlauts writes «ae». Letters of other
scripts stay as they are, because their marks change the meaning.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from flows.recognise.fragments import ATOM

_OTHERS = {"ß": "ss", "ẞ": "SS", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "ſ": "s"}
_OTHERS |= {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"}
_UMLAUTS = re.compile(r"[ÄÖÜäöü]")


def _bases() -> dict[int, str]:
    """Letter → the same without its marks, for Latin letters (blocks U+00C0 to U+024F and U+1E00 to U+1EFF)."""
    found = {ord(letter): base for letter, base in _OTHERS.items()}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = "".join(c for c in unicodedata.normalize("NFKD", chr(code)) if not unicodedata.combining(c))
        if base.isascii() and base.isalpha():
            found.setdefault(code, base)
    return found


_BASES = _bases()


@lru_cache(maxsize=32768)
def _short(text: str) -> str:
    return text.translate(_BASES)


def bare(text: str) -> str:
    """A text without accents: «Konto schliessen» for «Konto schließen»."""
    return text if text.isascii() else _short(text) if len(text) <= 200 else text.translate(_BASES)


def bare_expression(expression: str) -> str:
    """An expression that matches, in texts without accents, what the given one matches; umlauts also as «ae».

    Not so in an expression that looks back, because what it looks back at must have one length."""
    if expression.isascii():
        return expression
    atoms = ATOM.findall(expression)
    told = []
    for atom, after in zip(atoms, (*atoms[1:], ""), strict=True):
        plain = bare(atom)
        if _UMLAUTS.fullmatch(atom) and "(?<" not in expression:
            plain += "e?"
        single = len(plain) == 1 or len(atom) > 1
        told.append(plain if single or after not in ("?", "*", "+", "{") else f"(?:{plain})")
    return "".join(told)
