"""An SQLite index of the run folders. It makes lists fast, and is rebuilt if it is damaged or of another version."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL, Column, Connection, Engine, MetaData, String, Table, Text, create_engine, delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DatabaseError

from explorer.server.run_facts import FACTS, RunFacts, is_alive, is_run_name, read, stamp

VERSION = 4
"""Version of the table and its contents. If it differs, the index is rebuilt."""
_TABLES = MetaData()
_RUNS = Table(
    "runs",
    _TABLES,
    Column("id", String, primary_key=True),
    Column("stamp", String, nullable=False),
    Column("facts", Text, nullable=False),
)


class Index:
    """The index of all runs below `runs`. Use it from one thread. The folders are authoritative."""

    def __init__(self, runs: Path, file: Path) -> None:
        self.runs = runs.resolve()
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        self._db = self._open()
        self._reading = asyncio.Lock()
        self._runs: dict[str, RunFacts] = {}
        self._stamps: dict[str, str] = {}
        with self._db.connect() as db:
            for run, mark, facts in db.execute(select(_RUNS.c.id, _RUNS.c.stamp, _RUNS.c.facts)):
                with suppress(ValueError):  # the row is unreadable: read the folder again
                    self._runs[run], self._stamps[run] = FACTS.validate_json(facts), mark

    def close(self) -> None:
        self._db.dispose()

    def folder(self, run: str) -> Path | None:
        """The folder of a run, or None if there is none. Never a folder outside `runs`, and never through a link."""
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
        """Read the folders that have changed, and forget those that are gone. `active` are this server's running runs.

        Returns at once if another refresh is running: with many runs, the first refresh takes a while."""
        if self._reading.locked():
            return
        async with self._reading:
            there = await asyncio.to_thread(_stamped, self.runs)
            for name in there:
                folder, alive = self.runs / name, name in active
                mark = "alive" if alive else there[name]
                if self._stamps.get(name) == mark:
                    continue
                orphan = not alive and is_alive(folder)
                facts = await asyncio.to_thread(read, folder, alive=alive or orphan)
                if (folder.name in active) != alive:
                    continue  # the run began or ended meanwhile, and its row was updated then
                if facts is None:
                    self._forget(folder.name)
                else:
                    self._keep(facts, "alive" if orphan else mark)
            for gone in [run for run in self._runs if run not in there and self.folder(run) is None]:
                self._forget(gone)

    async def refresh_one(self, run: str, *, alive: bool = False) -> None:
        """Read one run again, and update its row."""
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

    def _open(self) -> Engine:
        engine = create_engine(URL.create("sqlite", database=str(self._file)))
        try:
            _prepare(engine)
        except DatabaseError:
            engine.dispose()
            self._file.unlink(missing_ok=True)  # the index is only a copy of the folders
            _prepare(engine)
        return engine

    def _keep(self, facts: RunFacts, mark: str) -> None:
        self._runs[facts.id], self._stamps[facts.id] = facts, mark
        row = {"stamp": mark, "facts": FACTS.dump_json(facts).decode()}
        with suppress(DatabaseError), self._db.begin() as db:  # a full disk: the folder is read again next time
            db.execute(insert(_RUNS).values(id=facts.id, **row).on_conflict_do_update(index_elements=["id"], set_=row))

    def _forget(self, run: str) -> None:
        self._runs.pop(run, None)
        self._stamps.pop(run, None)
        with suppress(DatabaseError), self._db.begin() as db:
            db.execute(delete(_RUNS).where(_RUNS.c.id == run))


def _stamped(runs: Path) -> dict[str, str]:
    """The name of each run folder, and its stamp. Links are left out, because they may lead outside."""
    with os.scandir(runs) as entries:
        names = [each.name for each in entries if is_run_name(each.name) and each.is_dir(follow_symlinks=False)]
    return {name: stamp(f"{runs}/{name}") for name in names}


def _prepare(engine: Engine) -> None:
    """Create the table, or recreate one of another version. Raises DatabaseError if the file is no database."""
    with engine.begin() as db:
        if _version(db) != VERSION:
            _TABLES.drop_all(db)
            db.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
        _TABLES.create_all(db)
        db.execute(select(_RUNS).limit(1)).fetchall()


def _version(db: Connection) -> int:
    return int(db.exec_driver_sql("PRAGMA user_version").scalar_one())
