"""Matches texts against lists of regular expressions, trying only those that can match."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache

from flows.recognise.fragments import needed, pieces
from flows.recognise.languages import languages
from flows.recognise.letters import bare, bare_expression

Items = tuple[tuple[str, tuple[str, ...]], ...]
"""Language → expressions, in a hashable form."""


class Matcher:
    """Matches texts against one list of words in all its languages, without regard to case and accents (`bare`).

    The first use raises re.error if an expression is invalid."""

    def __init__(self, items: Items) -> None:
        self.items = items

    @cached_property
    def _words(self) -> list[tuple[str, str]]:
        """Each expression twice: unchanged, to match whole texts, and with word boundaries, to search in texts."""
        told = ((tag, bare_expression(word)) for tag, words in self.items for word in words)
        return [(word, _bounded(tag, word)) for tag, word in told]

    @cached_property
    def _by_piece(self) -> tuple[dict[str, list[int]], list[int], frozenset[str]]:
        """Returns an index of the words: fragment → the words that may match texts with it.

        It comes with the words to try on every text, and all fragments. Words are indexes into `_words`."""
        index: dict[str, list[int]] = {}
        always = []
        for number, (word, _) in enumerate(self._words):
            wanted = needed(word)
            for piece in wanted:
                index.setdefault(piece, []).append(number)
            if not wanted:
                always.append(number)
        return index, always, frozenset(index)

    def _candidates(self, text: str) -> list[int]:
        """Returns the indexes of all words that may match a text."""
        index, always, known = self._by_piece
        there = known & pieces(text)
        if not there:
            return always
        return sorted({*always, *(number for piece in there for number in index[piece])})

    @cached_property
    def full(self) -> re.Pattern[str]:
        """All words as one expression, for texts without accents (`bare`). Without words it matches nothing."""
        return _joined(tuple(bounded for _, bounded in self._words))

    @cached_property
    def by_language(self) -> dict[str, str]:
        """Language → all its words as one expression, for texts without accents (`bare`)."""
        found: dict[str, list[str]] = {}
        for tag, words in self.items:
            found.setdefault(tag, []).extend(_bounded(tag, bare_expression(word)) for word in words)
        return {tag: "|".join(words) for tag, words in found.items()}

    def for_text(self, text: str) -> re.Pattern[str]:
        """Returns a shorter expression that finds the same matches in this text as `full`; the text must be `bare`."""
        return _joined(tuple(self._words[number][1] for number in self._candidates(text)))

    def found_in(self, text: str) -> bool:
        """Whether a text contains one of the words."""
        words, text = self._words, bare(text)
        return any(_single(words[number][1]).search(text) for number in self._candidates(text))

    def without(self, text: str, put: str = " ") -> str:
        """The text without accents, with something else in place of each of the words."""
        return self.full.sub(put, bare(text))

    def replaced(self, text: str, keeps: Callable[[str], bool]) -> str:
        """The text without accents, with a space in place of each of the words that it does not keep."""
        return self.full.sub(lambda found: found.group() if keeps(found.group()) else " ", bare(text))

    def first(self, text: str) -> str:
        """The text without accents, from the first of the words in it; empty if there is none."""
        told = bare(text)
        found = self.full.search(told)
        return told[found.start() :] if found else ""

    def share(self, text: str) -> float:
        """The share of a text that the longest match of a single word covers; 0 if none matches."""
        return self.longest(text) / len(bare(text)) if text else 0.0

    def longest(self, text: str) -> int:
        """The length of the longest match of a single word; 0 if none matches."""
        words, text = self._words, bare(text)
        found = (_single(words[number][1]).search(text) for number in self._candidates(text))
        return max((len(match.group()) for match in found if match), default=0)

    def is_whole(self, text: str) -> bool:
        """Whether one of the words is the whole text."""
        words, text = self._words, bare(text)
        return any(_single(words[number][0]).fullmatch(text) for number in self._candidates(text))


def _bounded(tag: str, word: str) -> str:
    """An expression that matches only whole words, if the language separates words by spaces."""
    return f"(?:{word})" if tag in languages().unspaced else rf"(?<!\w)(?:{word})(?!\w)"


@lru_cache(maxsize=16384)
def _single(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


@lru_cache(maxsize=2048)
def _joined(expressions: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(expressions) or r"(?!)", re.IGNORECASE)


class WordList(dict[str, tuple[str, ...]]):
    """Language → expressions, with a cached matcher. Do not change it after its first use."""

    @cached_property
    def matcher(self) -> Matcher:
        return Matcher(tuple(self.items()))

    def __reduce__(self) -> tuple[type[WordList], tuple[Mapping[str, tuple[str, ...]]]]:
        """The state for pickling, without the compiled forms, which another process compiles on demand."""
        return WordList, (dict(self),)


class Group:
    """The words of one group in all languages, read when they are first matched."""

    def __init__(self, section: str, key: str = "") -> None:
        self.section, self.key = section, key

    def __repr__(self) -> str:
        return f"Group({self.section!r}, {self.key!r})"

    @cached_property
    def matcher(self) -> Matcher:
        return Matcher(tuple(languages().group(self.section, self.key).items()))


Words = Group | Mapping[str, tuple[str, ...]]


def matcher(words: Words) -> Matcher:
    """Returns the matcher of a list of words. A plain mapping is looked up by its contents, which is slower."""
    if isinstance(words, Group | WordList):
        return words.matcher
    return _by_content(tuple((tag, tuple(ws)) for tag, ws in words.items()))


@lru_cache(maxsize=1024)
def _by_content(items: Items) -> Matcher:
    return Matcher(items)
