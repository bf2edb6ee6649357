"""`trustwalk redact` as it is typed."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from explorer.cli.redact import command
from tests.explorer.evidence.hars import entry, har, page

SECRET = "hunter2"
GIVEN = har([page(), entry(f"https://tickets.shop.example/v1/tickets?token={SECRET}", 0, at=9)])


def typed(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(command, [*map(str, arguments)], prog_name="trustwalk redact")
    return result.exit_code, result.stdout, result.stderr


def test_it_writes_a_new_file_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "given.har").write_bytes(GIVEN)
    assert typed(tmp_path / "given.har", "--out", tmp_path / "safe.har")[0] == 0
    told = (tmp_path / "safe.har").read_text(encoding="utf-8")
    assert "tickets.shop.example" in told
    assert SECRET not in told
    code, _, err = typed(tmp_path / "given.har", "--out", tmp_path / "safe.har")
    assert (code, "exists" in err) == (2, True)
    assert typed(tmp_path / "given.har", "--out", "-")[1] == told


def test_what_cannot_be_redacted_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\x7fELF\x02\x01\x01\x00\x00")
    code, out, err = typed(tmp_path / "x", "--out", "-")
    assert (code, out, len(err.splitlines())) == (2, "", 1)


@pytest.mark.parametrize("data", [GIVEN.replace(b"}, {", b"} {"), gzip.compress(GIVEN)[:-20], b'[{"log": {}}]'])
def test_a_file_that_fails_on_the_way_leaves_nothing_behind(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "given").write_bytes(data)
    code, _, err = typed(tmp_path / "given", "--out", tmp_path / "safe")
    assert (code, len(err.splitlines())) == (2, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["given"]


def test_an_archive_of_logs_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "logs.zip", "w") as archive:
        archive.writestr("a.log", f"password={SECRET}\n")
    code, _, err = typed(tmp_path / "logs.zip", "--out", tmp_path / "safe")
    assert (code, "unpack it" in err, (tmp_path / "safe").exists()) == (2, True, False)


def test_what_is_lost_is_told_beside_the_result(tmp_path: Path) -> None:
    (tmp_path / "given.har").write_bytes(GIVEN[:-20])
    code, out, err = typed(tmp_path / "given.har", "--out", "-")
    assert (code, "cut off" in err, "cut off" in out) == (0, True, False)


def test_the_name_of_a_file_cannot_command_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "\x1b[31mred").write_bytes(b"\x00\x01")
    for name in ("\x1b[31mred", "\x1b[31mmissing"):
        err = typed(tmp_path / name, "--out", "-")[2]
        assert name.replace("\x1b", "?") in "".join(err.split())
