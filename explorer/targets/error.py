"""The error for a target that cannot be explored. Its message is a sentence for the user."""

from __future__ import annotations


class TargetError(Exception):
    """The target cannot be explored. The message says which target, why, and what to do. The exit code is then 2."""
