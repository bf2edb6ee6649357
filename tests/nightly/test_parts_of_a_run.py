"""Sixty sessions on the demo: explored whole, and as four parts that are merged. Both tell the same."""

from __future__ import annotations

from pathlib import Path

from explorer.lab.demo.app import DemoApp
from explorer.request.spread import Shard
from explorer.run.merging import merge
from explorer.run.run import Run
from explorer.run.run_parts import parts_at
from flows.incident import JourneyVerdict
from flows.journey import choose, load_catalogue
from personas.persona import load
from tests.journeys.harness import Cell, latin_square, options

DEVICES = """devices:
  desktop: {kind: browser, engine: chromium, viewport: [1280, 800]}
  laptop:  {kind: browser, engine: chromium, viewport: [1366, 768]}
  wide:    {kind: browser, engine: chromium, viewport: [1920, 1080]}
  tablet:  {kind: browser, engine: chromium, emulate: iPad Mini}
  phone:   {kind: browser, engine: chromium, emulate: Pixel 7}
  small:   {kind: browser, engine: chromium, viewport: [360, 640]}
"""
ROWS = ("desktop", "laptop", "wide", "tablet", "phone", "small")
PARTS = 4
JOURNEYS, STEPS = ("start-chat", "submit-ticket", "knowledge-base"), 40
"""What each session looks for, and how long: all journeys of sixty sessions, twice, would take most of an hour."""


def told(verdicts: list[JourneyVerdict]) -> dict[tuple[str, str], tuple[str, str, str, str]]:
    return {(v.session, v.journey): (v.verdict.value, v.cause, v.host, v.blocked_by) for v in verdicts}


async def explored(demo: DemoApp, cell: Cell, folder: Path, shard: Shard | None) -> tuple[Path, list[JourneyVerdict]]:
    out = folder / (f"part-{shard.number}" if shard else "whole")
    (out / "evidence").mkdir(parents=True)
    devices = folder / "devices.yml"
    devices.write_text(DEVICES)
    asked = options(
        demo,
        cell,
        [p.name for p in load()],
        devices=ROWS,
        devices_file=devices,
        journeys=choose(load_catalogue(), JOURNEYS),
        steps=STEPS,
        shard=shard,
    )
    run = Run(asked, out)
    with run.journal:
        outcome = await run.explore()
    assert outcome.problem == ""
    return out, outcome.verdicts


async def test_sixty_sessions_in_four_parts_tell_what_they_tell_on_one_machine(tmp_path: Path) -> None:
    cell = Cell(next(iter(latin_square())))
    async with DemoApp(cell.breaks, skin=cell.skin, language=cell.language, workdir=tmp_path / "demo") as demo:
        _, whole = await explored(demo, cell, tmp_path, None)
        parts = [(await explored(demo, cell, tmp_path, Shard(n, PARTS)))[0] for n in range(1, PARTS + 1)]
    (tmp_path / "merged").mkdir()
    journal, outcome = merge(*parts_at(parts), tmp_path / "merged")
    journal.close()
    assert len({v.session for v in whole}) == 60
    mine, theirs = told(outcome.verdicts), told(whole)
    other = {key for key in mine if mine[key] != theirs.get(key)}
    assert not other, [v for v in (*outcome.verdicts, *whole) if (v.session, v.journey) in other]
    assert mine == theirs
