"""`trustwalk redact` as it is typed."""

from __future__ import annotations

from pathlib import Path

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
