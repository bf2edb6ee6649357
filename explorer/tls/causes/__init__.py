"""The rules that recognise causes in evidence, one module for each cause. All modules here are loaded automatically."""

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
"""All rules, in the order of precedence of `flows.diagnosis.CAUSES`."""
