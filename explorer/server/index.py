"""The SQLite index over the run folders: a copy that makes lists quick, and is made again whenever it does not fit."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from explorer.server.facts import FACTS, RunFacts, is_alive, is_run_name, read, stamp

VERSION = 2
"""Of the table and of what stands in it: another number, and the index is made anew."""


class Index:
    """Knows all runs below `runs`. To be used from one thread. The folders are the truth."""

    def __init__(self, runs: Path, file: Path) -> None:
        self.runs = runs.resolve()
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        self._db = self._open()
        self._reading = asyncio.Lock()
        self._runs: dict[str, RunFacts] = {}
        for run, facts in self._db.execute("SELECT id, facts FROM runs"):
            with suppress(ValueError):  # read again from its folder
                self._runs[run] = FACTS.validate_json(facts)

    def close(self) -> None:
        self._db.close()

    def folder(self, run: str) -> Path | None:
        """The folder of a run, or None if there is no such run: never anything outside, never through a link."""
        folder = self.runs / run
        if not is_run_name(run) or folder.is_symlink() or not folder.is_dir() or folder.resolve().parent != self.runs:
            return None
        return folder

    def get(self, run: str) -> RunFacts | None:
        return self._runs.get(run)

    def all(self) -> list[RunFacts]:
        """All runs, newest first."""
        return sorted(self._runs.values(), key=lambda r: (r.created, r.id), reverse=True)

    async def refresh(self, active: Collection[str] = ()) -> None:
        """Read what has changed since it was read last, and forget what is gone. `active` runs are ours and alive.

        Where this is under way already, what is known is left to be shown: the first reading of many runs takes its time.
        """
        if self._reading.locked():
            return
        async with self._reading:
            stamps = dict(self._db.execute("SELECT id, stamp FROM runs"))
            for folder in [f for f in self.runs.iterdir() if self.folder(f.name)]:
                alive = folder.name in active
                mark = "alive" if alive else stamp(folder)
                if stamps.get(folder.name) == mark and folder.name in self._runs:
                    continue
                orphan = not alive and is_alive(folder)
                facts = await asyncio.to_thread(read, folder, alive=alive or orphan)
                if (folder.name in active) != alive:
                    continue  # it began or ended meanwhile, and whoever did that has read it again
                if facts is None:
                    self._forget(folder.name)
                else:
                    self._keep(facts, "alive" if orphan else mark)
            for gone in [run for run in self._runs if self.folder(run) is None]:
                self._forget(gone)

    async def refresh_one(self, run: str, *, alive: bool = False) -> None:
        """Read one run again."""
        folder = self.folder(run)
        if folder is None:
            return self._forget(run)
        mark = "alive" if alive else stamp(folder)
        facts = await asyncio.to_thread(read, folder, alive=alive)
        if facts is not None:
            self._keep(facts, mark)
        return None

    async def delete(self, run: str) -> bool:
        """Remove a run and its folder; False if there is none."""
        folder = self.folder(run)
        self._forget(run)
        if folder is None:
            return False
        await asyncio.to_thread(shutil.rmtree, folder)
        return True

    def _open(self) -> sqlite3.Connection:
        try:
            return self._prepared(sqlite3.connect(self._file))
        except sqlite3.DatabaseError:
            self._file.unlink(missing_ok=True)  # it is only a copy
            return self._prepared(sqlite3.connect(self._file))

    @staticmethod
    def _prepared(db: sqlite3.Connection) -> sqlite3.Connection:
        if db.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            db.execute("DROP TABLE IF EXISTS runs")
            db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY, stamp TEXT NOT NULL, facts TEXT NOT NULL)")
        db.execute("SELECT id, stamp, facts FROM runs LIMIT 1").fetchall()
        db.commit()
        return db

    def _keep(self, facts: RunFacts, mark: str) -> None:
        self._runs[facts.id] = facts
        self._db.execute(
            "INSERT OR REPLACE INTO runs VALUES (?, ?, ?)", (facts.id, mark, FACTS.dump_json(facts).decode())
        )
        self._db.commit()

    def _forget(self, run: str) -> None:
        self._runs.pop(run, None)
        self._db.execute("DELETE FROM runs WHERE id = ?", (run,))
        self._db.commit()
