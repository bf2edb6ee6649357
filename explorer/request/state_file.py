"""Reads the file of `--storage-state`. Nothing but this module reads it, so that every part of the run sees the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from explorer.request.errors import RequestError
from readers import json_text


def stored_state(path: Path | None) -> dict[str, Any]:
    """The content of a storage state, as Playwright saves it. Empty if there is no file.

    The browser never gets the file itself: it reads some files that this function cannot read, and would then get
    cookies that nothing has filtered. Raises RequestError if the file is not a JSON object in UTF-8."""
    if path is None:
        return {}
    try:
        state = json_text.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise RequestError("storage_state", f"{path} cannot be read ({error.strerror}).") from error
    except ValueError as error:  # UnicodeDecodeError is one, too
        raise RequestError("storage_state", _told(path, "it is not valid JSON in UTF-8")) from error
    if not isinstance(state, dict):
        raise RequestError("storage_state", _told(path, "it holds no JSON object"))
    return state


def _told(path: Path, why: str) -> str:
    return f"{path} is no storage state ({why}). Save it anew with Playwright: context.storage_state(path=…)."
