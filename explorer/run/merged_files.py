"""Copies the files of the parts of a run into one folder, and joins their flow graphs."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from explorer.run.evidence_files import save_graph
from flows.graph import FlowGraph
from readers import json_text
from readers.regular import Unreadable, read_text

FOLDERS = ("screens", "evidence", "attachments")
"""Folders of a run that hold the files its journal names."""
MOST_GRAPH = 64 << 20
"""Largest graph.json that is read, in bytes."""


def copy_files(folders: Sequence[Path], out: Path) -> None:
    """Copy the files of each part into `out`. Links are not followed.

    If two parts have different files of one name, such as the log of one device, the later one gets the number of its
    part in its name."""
    for number, folder in enumerate(folders, 1):
        for file in _files(folder):
            goal = out / file
            if goal.exists() and not filecmp.cmp(folder / file, goal, shallow=False):
                goal = goal.with_name(f"{goal.stem}.part{number}{goal.suffix}")
            if not goal.exists():
                goal.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / file, goal, follow_symlinks=False)


def _files(folder: Path) -> Iterator[Path]:
    """The regular files of a part, relative to its folder."""
    for name in (name for name in FOLDERS if not (folder / name).is_symlink()):
        for at, _, files in os.walk(folder / name):
            for file in sorted(files):
                path = Path(at) / file
                if path.is_file() and not path.is_symlink():
                    yield path.relative_to(folder)


def merged_graph(folders: Sequence[Path], out: Path) -> None:
    """Write the flow graph of all parts. A graph that cannot be read is left out: the journal holds its steps, too."""
    whole = FlowGraph()
    for folder in folders:
        with suppress(OSError, ValueError, Unreadable):  # no graph, or none that can be drawn
            whole.join(json_text.loads(read_text(folder / "graph.json", MOST_GRAPH)))
    save_graph(out, whole)
