"""Apps from PyPI, each in a virtual environment of its own in the fleet's folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def installed(folder: Path, name: str, *packages: str) -> Path:
    """Install packages into `folder/name`, once; gives the folder of its programs.

    Raises CalledProcessError if one cannot be had; the installer's own words are on stderr."""
    home, done = folder / name, folder / f"{name}.installed"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([home / "bin/python", "-m", "pip", "install", "--quiet", *packages], check=True)
        done.touch()
    return home / "bin"
