"""What a user wants to get done: the journey files, as typed data.

A journey file is YAML in `flows/catalogue/` or in a user's own folder. Words are regular expressions, matched
without case against whole visible strings; `<language>: [...]` lists keep one file good for many languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Words = Mapping[str, tuple[str, ...]]
"""Language tag → regular expressions; the tag `any` holds what is the same everywhere."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Recogniser(_Strict):
    """What an element looks like. All parts that are given must fit; an empty one fits anything."""

    roles: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    words: Words = Field(default_factory=dict)
    hints: tuple[str, ...] = ()
    """Regular expressions over `Element.hints` and `href`: an alternative to `words` where a control has no name."""
    unless: Words = Field(default_factory=dict)


class Cues(_Strict):
    """Signs of success or failure. `structure` names structural cues known to `flows.recognise`."""

    words: Words = Field(default_factory=dict)
    structure: tuple[str, ...] = ()


class Stage(_Strict):
    """One step towards the goal. `do` says what a persona does with what it recognised there."""

    id: str
    do: Literal["tap", "fill", "submit", "say", "upload", "download", "read"]
    find: tuple[Recogniser, ...] = ()
    optional: bool = False
    expects: bool = False
    """Success or failure of the journey is due after this stage."""


class Example(_Strict):
    """A screen in a few words, to keep the recognisers true: elements as `role: name`, and what follows from them."""

    language: str
    elements: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    stage: str = ""
    picks: str = ""
    after: tuple[str, ...] = ()
    outcome: Literal["", "success", "failure"] = ""


class Journey(_Strict):
    """One journey (DESIGN section 1)."""

    id: str
    title: str
    about: str = ""
    needs: tuple[str, ...] = ()
    """Journeys that may have to come first (login), used when the app asks for them."""
    allow: str = ""
    """What `--allow` must name before its last stage is done (payment)."""
    stops_before: str = ""
    """The stage that is not entered without that permission: reaching it is success."""
    entry: tuple[Recogniser, ...]
    stages: tuple[Stage, ...]
    success: Cues
    failure: Cues = Field(default_factory=Cues)
    examples: tuple[Example, ...] = ()
