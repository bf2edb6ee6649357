"""A command loads only what it needs: `trustwalk --help` is answered before anything heavy is read."""

from __future__ import annotations

import subprocess
import sys

import pytest

ASK = "import sys; from explorer.cli import main; main(sys.argv[1:], standalone_mode=False); print(*sys.modules)"


@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_plain_help_loads_no_model_and_no_command(words: list[str]) -> None:
    asked = subprocess.run([sys.executable, "-c", ASK, *words], capture_output=True, text=True, check=True)
    loaded = set(asked.stdout.splitlines()[-1].split())
    assert "explorer.cli" in loaded
    assert not {name for name in loaded if name.split(".")[0] in {"pydantic", "yaml", "playwright", "flows", "reports"}}
    own = {name for name in loaded if name.startswith(("explorer.request", "explorer.run", "explorer.cli."))}
    assert own <= {"explorer.cli.output"}
