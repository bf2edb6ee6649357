"""Where Trustwalk keeps the tools that it installs for one user: Appium, its driver, and certutil."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of Trustwalk's tools for this user: `TRUSTWALK_DATA`, or the platform's data directory."""
    if own := environ.get("TRUSTWALK_DATA"):
        return Path(own)
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "trustwalk"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/trustwalk"
    return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "trustwalk"
