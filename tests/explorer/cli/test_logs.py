from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

FAILURE = "11-23 10:00:00.100  2000  2001 W System.err: javax.net.ssl.SSLPeerUnverifiedException: Hostname api.example.org not verified:\n"
QUIET = "11-23 10:00:00.100  2000  2001 I wifi: nothing of note\n"


def logs(*args: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from explorer.cli import main; main()", "logs", *map(str, args)],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )


def validated(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    schema = json.loads((resources.files("explorer.monitors") / "log_schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(document)
    return document


def test_json_goes_to_stdout_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(QUIET + FAILURE, encoding="utf-8")
    done = logs(tmp_path / "a.log", "--format", "json")
    document = validated(done.stdout)
    assert (done.returncode, done.stderr) == (1, "")
    assert document["lines"] == 2
    assert [(f["line"], f["host"], f["causes"]) for f in document["findings"]] == [
        (2, "api.example.org", ["hostname-mismatch"])
    ]


def test_a_clean_log_from_stdin_ends_with_0() -> None:
    done = logs("-", "--format", "json", stdin=QUIET)
    assert (done.returncode, validated(done.stdout)["findings"]) == (0, [])


def test_text_names_line_host_cause_and_sum() -> None:
    done = logs("-", stdin=QUIET + FAILURE)
    assert done.returncode == 1
    for said in ("line 2", "api.example.org", "hostname-mismatch", "1 TLS failure in 2 lines."):
        assert said in done.stdout


def test_what_is_no_log_ends_with_3_and_says_so() -> None:
    done = logs("-", "--format", "json", stdin="dear diary\n")
    assert (done.returncode, validated(done.stdout)["findings"]) == (3, [])
    assert "lines looks like a log" in done.stderr
    assert logs("-", stdin="").returncode == 3


@pytest.mark.parametrize("args", [["/nowhere/at/all"], ["."], ["-", "--format", "xml"], []])
def test_what_cannot_be_read_ends_with_2(args: list[str]) -> None:
    done = logs(*args)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_a_log_that_breaks_off_still_gives_valid_json(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress((FAILURE + QUIET * 400).encode())[:-8])
    done = logs(path, "--format", "json")
    assert done.returncode == 2
    assert validated(done.stdout)["complete"] is False
    assert "truncated" in done.stderr


def test_a_platform_and_a_package_narrow_it() -> None:
    ios = "2026-11-23 12:00:00.123456+0100 MyApp[123:4567] CFNetwork SSLHandshake failed (-9824)\n"
    both = FAILURE + ios
    counts = {
        args: len(validated(logs("-", "--format", "json", *args, stdin=both).stdout)["findings"])
        for args in ((), ("--platform", "ios"), ("--platform", "android"), ("--package", "Other"))
    }
    assert counts == {(): 2, ("--platform", "ios"): 1, ("--platform", "android"): 1, ("--package", "Other"): 1}


def test_markup_and_escapes_in_a_log_are_shown_as_text() -> None:
    done = logs("-", stdin=FAILURE.rstrip() + " [bold red]x[/] \x1b]0;title\x07\n")
    assert "[bold red]x[/]" in done.stdout
    assert "\x1b" not in done.stdout
