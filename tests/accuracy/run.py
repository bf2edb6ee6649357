"""`make accuracy`: measure, and write the figures to docs/measured/, from where the documentation takes them.

One more measurement = one module with `figures() -> str` (Markdown) and one line in `SECTIONS`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # `tests` is no package that is installed; make calls this file by its path

from tests.accuracy import lab, probe  # noqa: E402 - after the path is set

SECTIONS: Mapping[str, Callable[[], str]] = MappingProxyType({"probe": probe.figures, "lab": lab.figures})
"""Name of the file in docs/measured/ → what fills it. A page includes it as `<!-- include: NAME -->`."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", nargs="*", default=list(SECTIONS), choices=[*SECTIONS, []])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "measured")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for name in args.sections:
        text = SECTIONS[name]()
        (args.out / f"{name}.md").write_text(text, encoding="utf-8")
        print(f"## {name}\n\n{text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
