"""Parses values as people write them: times, lists of words, `--resolve`, `--fail-on`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, AllowInfNan, BeforeValidator, WithJsonSchema

from explorer.request.fail_on import parse_fail_on
from explorer.targets.resolve import Endpoint, parse_resolve

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}


def split(values: Sequence[str]) -> tuple[str, ...]:
    """The words of a list option, in order, each once. Commas may separate them."""
    return tuple(dict.fromkeys(word.strip() for value in values for word in value.split(",") if word.strip()))


def seconds(text: object) -> float:
    """Parse a time such as `90`, `90s`, `5m` or `1h`. Returns seconds.

    Raises ValueError, with a message for the user, if the text is not a positive time.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", "" if isinstance(text, bool) else str(text).strip())
    if not match or float(match[1]) <= 0:
        raise ValueError(f"«{str(text)[:40]}» is not a time. Write 90s, 5m or 1h.")
    return float(match[1]) * _UNITS[match[2]]


def one_or_several(value: Any) -> Any:
    """Wrap a single text in a list. Any other value is returned unchanged."""
    return [value] if isinstance(value, str) else value


def _words(value: Any) -> Any:
    value = one_or_several(value)
    several = isinstance(value, (list, tuple, set, frozenset))
    return split(tuple(value)) if several and all(isinstance(each, str) for each in value) else value


def _place(value: Any) -> Any:
    return parse_resolve(value) if isinstance(value, str) else value


def checked_fail_on(text: str) -> str:
    """The text unchanged, if all its words are valid. Raises ValueError."""
    parse_fail_on(text)
    return text


def _user_only(text: str) -> str:
    if ":" in text:
        raise ValueError("do not put a password into a file: set TRUSTWALK_LOGIN=USER:PASSWORD in the environment")
    return text


def _without_token(text: str) -> str:
    if "?" in text or "@" in text:
        raise ValueError("do not put a token into a file: set TRUSTWALK_TOKEN in the environment")
    return text


EachOf = BeforeValidator(_words)
"""Pydantic validator of a list of words, which may be written as `a,b` or `[a, b]`."""
Seconds = Annotated[
    float,
    AllowInfNan(allow_inf_nan=False),
    BeforeValidator(seconds),
    WithJsonSchema({"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string"}]}),
]
ResolveEntry = Annotated[tuple[Endpoint, str], BeforeValidator(_place), WithJsonSchema({"type": "string"})]
"""An entry of `--resolve`: a host and port, and the address to connect to for them."""
UserOnly = Annotated[str, AfterValidator(_user_only), WithJsonSchema({"type": "string", "pattern": "^[^:]+$"})]
"""The login in a configuration file: the user name without the password, because the file may be committed."""
WithoutToken = Annotated[str, AfterValidator(_without_token), WithJsonSchema({"type": "string", "pattern": "^[^?@]*$"})]
"""A server's address in a configuration file: without the token, because the file may be committed."""
