"""How each cause is recognised in evidence, one module for each: a new module is found by itself."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from explorer.tls.rule import Rule
from flows.diagnosis import CAUSES


def _found() -> tuple[Rule, ...]:
    rules: list[Rule] = [import_module(f"{__name__}.{module.name}").RULE for module in iter_modules(__path__)]
    precedence = list(CAUSES)
    return tuple(sorted(rules, key=lambda rule: precedence.index(rule.cause)))


RULES: tuple[Rule, ...] = _found()
"""In the order of precedence that `flows.diagnosis.CAUSES` gives."""
