"""`make bench`: runs every `bench_*.py` beside this file, in order of name; each has a `main()`, plain or async.

`python tests/bench NAME…` runs only those whose names contain one of the words.
"""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
import sys
from pathlib import Path


def run(path: Path) -> None:
    """Load one bench and run its `main`."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    print(f"== {path.stem.removeprefix('bench_')}: {(module.__doc__ or '').strip().splitlines()[0]}", flush=True)
    result = module.main()
    if inspect.isawaitable(result):
        asyncio.run(_wait(result))


async def _wait(result: object) -> None:
    assert inspect.isawaitable(result)
    await result


def main(words: list[str]) -> int:
    """Exit code: 0, or 2 if no bench has one of the words in its name."""
    here = Path(__file__).parent
    chosen = [p for p in sorted(here.glob("bench_*.py")) if not words or any(word in p.stem for word in words)]
    if not chosen:
        known = ", ".join(sorted(p.stem.removeprefix("bench_") for p in here.glob("bench_*.py"))) or "none"
        print(f"bench: nothing to run for {' '.join(words) or 'an empty folder'}; there is: {known}.", file=sys.stderr)
        return 2
    for path in chosen:
        run(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
