"""Errors of a target, in sentences for people."""

from __future__ import annotations


class TargetError(Exception):
    """A target that cannot be explored. The message says which, why, and what to do. The exit code is 2."""
