"""What is wrong with a target, in a sentence for a person."""

from __future__ import annotations


class TargetError(Exception):
    """A target that cannot be explored: says what it is, what is wrong with it and what to do (exit code 2)."""
