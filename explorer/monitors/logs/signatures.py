"""Loads the messages that each stack logs when TLS fails. Pure except for loading.

The messages are data in `signatures/*.yml`. Each entry has examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from flows.diagnosis import Cause

OTHER_SOURCES = frozenset({"chromium.yml"})
"""Files in the same folder with signatures of other sources (browser events), in another format."""

Platform = Literal["android", "ios", "any"]


_UNBOUNDED = re.compile(r"(?<!\\)(?:\\[wWSD]|\.)[*+]")


class Specificity(IntEnum):
    """How specific a signature is. The most specific one in a record wins, so that the innermost exception decides."""

    VAGUE = 1  # TLS failed, in the words of a wrapper
    FAILURE = 2  # the part of TLS that failed
    KIND = 3  # the kind of fault
    REASON = 4  # the exact reason


class SignatureError(Exception):
    """An invalid signature file. The message names file, entry and key."""


class Entry(BaseModel):
    """One signature as it is written in a signature file.

    Patterns are regular expressions. They ignore case and match the lines of a record, joined by single spaces and
    without stack frames. `adds` are causes in addition to those of the deciding signature. Findings with the same
    `echo` may report the same failure. If they do, they are merged."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    says: Literal["vague", "failure", "kind", "reason"] = "reason"
    patterns: tuple[str, ...] = Field(min_length=1)
    causes: tuple[Cause, ...] = ()
    adds: tuple[Cause, ...] = ()
    unless: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    echo: str = ""
    examples: tuple[str, ...] = Field(min_length=1)
    not_: tuple[str, ...] = Field(default=(), alias="not")

    @field_validator("patterns", "unless", "hosts")
    @classmethod
    def _compiles(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            if _UNBOUNDED.search(pattern):
                raise ValueError(
                    f"{pattern!r} repeats a broad class without a limit, so a hostile log could stall the match"
                )
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is not a valid regular expression: {error}") from error
        return value


class SignatureFile(BaseModel):
    """One file of `signatures/`: the signatures of a stack, and its hints.

    A hint is a literal text. Every line that a signature matches contains one of the hints."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stack: str
    platform: Platform
    hints: tuple[str, ...] = Field(min_length=1)
    signatures: tuple[Entry, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Signature:
    """A compiled signature. `patterns` pair each expression with a text that every match contains."""

    id: str
    stack: str
    platform: str
    says: Specificity
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    causes: tuple[Cause, ...]
    adds: tuple[Cause, ...]
    unless: tuple[re.Pattern[str], ...]
    hosts: tuple[re.Pattern[str], ...]
    echo: str

    def find(self, text: str, lower: str) -> re.Match[str] | None:
        """The match of the signature in `text`, or None. `lower` is `text` in lower case."""
        for needed, pattern in self.patterns:
            if needed in lower:
                match = pattern.search(text)
                if match is not None:
                    return None if any(u.search(text) for u in self.unless) else match
        return None


@dataclass(frozen=True, slots=True)
class SignatureBook:
    """All signatures, in the order of the file names, and all hints."""

    signatures: tuple[Signature, ...]
    hints: tuple[bytes, ...]


def required_text(pattern: str) -> str:
    """The longest literal text (in lower case) that every match of the expression contains. Empty if there is none."""
    runs, run, depth, at = [], "", 0, 0
    pattern = _CLASS.sub(lambda m: m[0] if m[0][0] == "\\" else ".", pattern)
    if len(alternatives(pattern)) > 1:
        return ""
    while at < len(pattern):
        char = pattern[at]
        width = 2 if char == "\\" else 1
        plain = char not in ".^$*+?{}()\\" or (char == "\\" and not pattern[at + 1].isalnum())
        depth += (char == "(") - (char == ")")
        if char == "{":
            width = pattern.index("}", at) - at + 1
        optional = pattern[at + width : at + width + 1] in ("?", "*", "{")
        if plain and depth == 0 and not optional:
            run += pattern[at + width - 1]
        else:
            runs.append(run)
            run = ""
        at += width
    return max([*runs, run], key=len).lower()


_CLASS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")


_ATOM = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)


def alternatives(pattern: str) -> list[str]:
    """Split a regular expression at its top-level `|` into its alternatives."""
    parts, depth = [""], 0
    for atom in _ATOM.findall(pattern):
        depth += (atom == "(") - (atom == ")")
        if atom == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += atom
    return parts


def parse_file(name: str, text: str) -> SignatureFile:
    """Parse the text of one signature file. Raises SignatureError that names file and key."""
    loader: type[yaml.SafeLoader] = getattr(
        yaml, "CSafeLoader", yaml.SafeLoader
    )  # libyaml's loader is ten times faster
    try:
        return SignatureFile.model_validate(yaml.load(text, loader))  # noqa: S506 - it is a safe loader
    except yaml.YAMLError as error:
        raise SignatureError(f"{name}: {error}") from error
    except ValidationError as error:
        wrong = [f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors()]
        raise SignatureError(f"{name}: {'; '.join(wrong)}") from error


def packaged_files() -> dict[str, SignatureFile]:
    """The signature files of the package, by name. Raises SignatureError."""
    folder = resources.files("explorer.monitors") / "signatures"
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".yml"))
    return {
        name: parse_file(name, (folder / name).read_text(encoding="utf-8"))
        for name in names
        if name not in OTHER_SOURCES
    }


def make_book(files: Mapping[str, SignatureFile] | None = None, platform: str = "") -> SignatureBook:
    """Compile signature files (by default those of the package), for all platforms or one. Raises SignatureError."""
    chosen = packaged_files() if files is None else files
    kept = [f for f in chosen.values() if not platform or f.platform in (platform, "any")]
    signatures = tuple(_compile(file, entry) for file in kept for entry in file.signatures)
    twice = {s.id for s in signatures if sum(o.id == s.id for o in signatures) > 1}
    if twice:
        raise SignatureError(f"signature ids must be unique; given more than once: {', '.join(sorted(twice))}")
    return SignatureBook(signatures, _shortest(hint for file in kept for hint in file.hints))


def _compile(file: SignatureFile, entry: Entry) -> Signature:
    return Signature(
        entry.id,
        file.stack,
        file.platform,
        Specificity[entry.says.upper()],
        tuple((required_text(p), re.compile(p, re.IGNORECASE)) for e in entry.patterns for p in alternatives(e)),
        entry.causes,
        entry.adds,
        tuple(re.compile(p, re.IGNORECASE) for p in entry.unless),
        tuple(re.compile(p, re.IGNORECASE) for p in entry.hosts),
        entry.echo,
    )


def _shortest(hints: Iterable[str]) -> tuple[bytes, ...]:
    """The hints in bytes, without those that contain another hint."""
    distinct = sorted(set(hints), key=lambda h: (len(h), h))
    kept: list[str] = []
    for hint in distinct:
        if not any(short in hint for short in kept):
            kept.append(hint)
    return tuple(hint.encode() for hint in kept)
