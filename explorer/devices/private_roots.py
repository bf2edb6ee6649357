"""Private roots that a browser trusts for one run: in an NSS database of a HOME of its own (docs/browsers.md)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from explorer.devices.browser_setup import (
    SetupError,
    certificates_in,
    certutil_environment,
    find_certutil,
    install_certutil,
)


async def trust_roots(home: Path, files: Sequence[Path]) -> None:
    """Put the certificates of PEM files into the HOME of a browser.

    The browser then trusts them like roots that a user has added, and still reports every other fault of a
    certificate. Raises SetupError if there is no certutil, or a file cannot be used."""
    if not files:
        return
    store = home / ".pki" / "nssdb"
    await asyncio.to_thread(store.mkdir, parents=True, exist_ok=True)
    certutil = find_certutil() or await install_certutil()
    step = _Step(f"create a certificate store in {store}", "Check that the folder can be written and has free space.")
    await _certutil(certutil, step, "-d", f"sql:{store}", "-N", "--empty-password")
    number = 0
    for path in files:
        for block in certificates_in(path):
            number += 1
            file = home / f"root{number}.pem"
            file.write_text(block, encoding="ascii")
            added = ("-A", "-t", "C,,", "-n", f"trustwalk {number}", "-i", str(file))
            step = _Step(f"import a certificate of {path}", f"Check the file: openssl x509 -noout -text -in {path}")
            await _certutil(certutil, step, "-d", f"sql:{store}", *added)


class _Step(NamedTuple):
    """A step of certutil in words, and what a person can do if it fails."""

    words: str
    remedy: str


async def _certutil(program: Path, step: _Step, *arguments: str) -> None:
    """Run certutil. Raises SetupError with the step and certutil's output if it fails."""
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        env=certutil_environment(program),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, told = await process.communicate()
    if process.returncode != 0:
        said = " ".join(told.decode(errors="replace").split())[:200].rstrip(".")
        raise SetupError(f"certutil could not {step.words} (exit code {process.returncode}: {said}). {step.remedy}")
