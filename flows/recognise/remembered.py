"""Keeps the latest results of a pure function whose arguments are costly to compare, such as whole screens."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")


def remembered(size: int) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Returns a decorator that caches the last `size` results of a pure function of immutable values.

    Arguments are compared by identity, not by value. The cache also holds the arguments, so that no new object can get
    the identity of a cached one. Calls with keyword arguments are not cached.
    """

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        known: OrderedDict[tuple[int, ...], tuple[tuple[object, ...], _R]] = OrderedDict()

        @wraps(function)
        def answer(*args: _P.args, **named: _P.kwargs) -> _R:
            if named:
                return function(*args, **named)
            key = tuple(map(id, args))
            before = known.get(key)
            if before is not None:
                return before[1]
            result = function(*args, **named)
            known[key] = (args, result)
            if len(known) > size:
                known.popitem(last=False)
            return result

        return answer

    return decorate
