"""Write the golden files anew: `python tests/reports/write_goldens.py` from the checkout's root."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from reports import FORMATS, render
from tests.reports.runs import write_run

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for name, text in render(write_run("small", Path(folder) / "small"), FORMATS, None).items():
            file = f"{name}.golden"
            (Path(__file__).parent / "goldens" / file).write_text(text, encoding="utf-8")
