"""Makes a browser trust private roots for one run, by an NSS database in a HOME of its own (docs/browsers.md)."""

from __future__ import annotations

import asyncio
import hashlib
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
from explorer.devices.child import output_within

_SECONDS = 60
"""How long one call of certutil may take. It needs a tenth of a second; asking for a password, it never ends."""


async def trust_roots(home: Path, files: Sequence[Path]) -> None:
    """Put the certificates of PEM files into the HOME of a browser.

    The browser then trusts them like roots that a user has added, and still reports every other fault of a
    certificate. What the store held before stays trusted. Raises SetupError if there is no certutil, if it does not
    end within a minute, or if a file cannot be used."""
    if not files:
        return
    store = home / ".pki" / "nssdb"
    await asyncio.to_thread(store.mkdir, parents=True, exist_ok=True)
    certutil = find_certutil() or await install_certutil()
    step = _Step(f"create a certificate store in {store}", "Check that the folder can be written and has free space.")
    if not (store / "cert9.db").exists():  # asked to make a store that is there, certutil asks for a password for ever
        await _certutil(certutil, step, "-d", f"sql:{store}", "-N", "--empty-password")
    for path in files:
        for block in certificates_in(path):
            name = hashlib.sha256(block.encode()).hexdigest()[:16]
            file = home / f"root-{name}.pem"
            file.write_text(block, encoding="utf-8")
            added = ("-A", "-t", "C,,", "-n", f"trustwalk {name}", "-i", str(file))
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
    try:
        _, told = await output_within(process, _SECONDS)
    except TimeoutError as error:
        raise SetupError(f"certutil did not {step.words} within {_SECONDS} seconds. {step.remedy}") from error
    if process.returncode != 0:
        said = " ".join(told.decode(errors="replace").split())[:200].rstrip(".")
        raise SetupError(f"certutil could not {step.words} (exit code {process.returncode}: {said}). {step.remedy}")
