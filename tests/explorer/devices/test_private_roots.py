"""A private root gets into a browser's own store, or a sentence says why not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from explorer.devices.browser_setup import SetupError, certutil_environment, find_certutil, install_certutil
from explorer.devices.private_roots import trust_roots
from explorer.tls.faults.mint import Authority


async def listed(home: Path) -> list[str]:
    certutil = find_certutil() or await install_certutil()
    process = await asyncio.create_subprocess_exec(
        certutil,
        "-L",
        "-d",
        f"sql:{home / '.pki' / 'nssdb'}",
        env=certutil_environment(certutil),
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    return [line.split("  ")[0] for line in told.decode().splitlines() if line.rstrip().endswith("C,,")]


async def test_each_root_of_each_file_is_trusted(tmp_path: Path) -> None:
    roots = [Authority.create().root_pem for _ in range(3)]
    (tmp_path / "two.pem").write_bytes(roots[0] + roots[1])
    (tmp_path / "one.pem").write_bytes(roots[2])
    await trust_roots(tmp_path / "home", [tmp_path / "two.pem", tmp_path / "one.pem"])
    assert len(set(await listed(tmp_path / "home"))) == 3


async def test_a_store_that_exists_keeps_its_roots_and_gets_new_ones(tmp_path: Path) -> None:
    files = [tmp_path / "first.pem", tmp_path / "second.pem"]
    for file in files:
        file.write_bytes(Authority.create().root_pem)
        await trust_roots(tmp_path / "home", [file])
    await trust_roots(tmp_path / "home", files)
    assert len(await listed(tmp_path / "home")) == 2


async def test_a_file_that_is_no_certificate_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "bad.pem").write_text("-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n")
    with pytest.raises(SetupError, match=r"certutil could not import a certificate of .*\.pem \(exit code"):
        await trust_roots(tmp_path / "home", [tmp_path / "bad.pem"])
