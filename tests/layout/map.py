"""`make map`: every module in a line, by folder, as its docstring says it. Words narrow it down: `make map ARGS='login wire'`."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("flows", "readers", "personas", "reports", "explorer")


def lines(root: Path = ROOT) -> Iterator[str]:
    """`path: first paragraph of the docstring` for each module, and for each folder of data its number of files."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            place = path.parent if path.name == "__init__.py" else path
            first = " ".join(told.split("\n\n", maxsplit=1)[0].split())
            yield f"{place.relative_to(root).as_posix()}: {first}"
        folders = sorted({p.parent for p in (root / package).rglob("*.yml")})
        yield from (f"{f.relative_to(root).as_posix()}/*.yml: {len(list(f.glob('*.yml')))} files" for f in folders)


def main(words: Sequence[str]) -> None:
    for line in lines():
        if all(word.lower() in line.lower() for word in words):
            print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
