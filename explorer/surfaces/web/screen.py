"""Builds one screen from what the page script read in each frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.screen import Element, Frame, Screen, Text

MOST = 3000
"""The most elements, and the most texts, of a screen."""


@dataclass(frozen=True, slots=True)
class FrameReading:
    """One frame: its key, its viewport in the top window (x, y, width, height), and the result of the page script.

    `data` is None if the script could not run. `clip` is the part of the top window in which the frame is visible.
    """

    key: str
    url: str
    error: str
    index: int
    data: Mapping[str, Any] | None
    origin: tuple[float, float]
    size: tuple[float, float]
    clip: tuple[float, float, float, float]
    shown: bool = True
    region: str = ""


def screen_of(told: Sequence[FrameReading], *, dialog: str = "", windows: int = 1, downloads: int = 0) -> Screen:
    """The screen that a user sees. The first of `told` is the main document."""
    if not told:
        return Screen(address="", title="", dialog=dialog, windows=windows, downloads=downloads)
    top = told[0]
    main = top.data or {}
    elements: list[Element] = []
    texts: list[Text] = []
    frames: list[Frame] = []
    busy = truncated = False
    for one in told:
        data = one.data or {}
        if one.shown and not one.error:
            busy = busy or bool(data.get("busy"))
            truncated = truncated or bool(data.get("truncated"))
            elements += _elements(one, data)
            texts += [
                Text(t, role, frame=one.key, region=region or one.region, live=bool(live))
                for t, role, region, live in data.get("texts", ())
            ]
        empty = not one.error and not data.get("els") and not data.get("texts") and not data.get("pictures")
        frames.append(
            Frame(
                one.key,
                one.url,
                title=str(data.get("title", "")) if not one.error else "",
                error=one.error,
                blank=empty and not data.get("frames"),
                box=_box(one),
            )
        )
    if len(elements) > MOST or len(texts) > MOST:
        elements, texts, truncated = elements[:MOST], texts[:MOST], True
    return Screen(
        address=top.url,
        title=str(main.get("title", "")) if not top.error else "",
        elements=tuple(_numbered(elements)),
        texts=tuple(texts),
        frames=tuple(frames),
        language=str(main.get("lang", ""))[:35],
        busy=busy,
        dialog=dialog,
        error=top.error,
        windows=windows,
        viewport=(int(main.get("w", 0)), int(main.get("h", 0))),
        scrollable=main.get("sy", 0) + main.get("h", 0) < main.get("sh", 0) - 2,
        truncated=truncated,
        downloads=downloads,
        loaded=float(main.get("now", 0.0)),
    )


def _box(one: FrameReading) -> tuple[int, int, int, int]:
    if not one.shown:
        return (0, 0, 0, 0)
    return (round(one.origin[0]), round(one.origin[1]), round(one.size[0]), round(one.size[1]))


def _elements(one: FrameReading, data: Mapping[str, Any]) -> list[Element]:
    made = []
    dx, dy = one.origin
    left, top, right, bottom = one.clip
    for (
        n,
        role,
        name,
        value,
        kind,
        hints,
        href,
        group,
        region,
        x,
        y,
        w,
        h,
        flags,
        options,
        sends,
        asks,
        over,
        first,
        end,
    ) in data.get("els", ()):
        x0, y0 = round(x + dx), round(y + dy)
        visible = bool(flags & 32) and x0 < right and y0 < bottom and x0 + w > left and y0 + h > top
        made.append(
            Element(
                ref=f"{one.index}:{n}",
                key="",
                role=role,
                name=name,
                value=value,
                kind=kind,
                hints=tuple(hints),
                href=href,
                frame=one.key,
                group=group,
                region=region or one.region,
                box=(x0, y0, w, h),
                enabled=bool(flags & 1),
                required=bool(flags & 2),
                checked=bool(flags & 4),
                focused=bool(flags & 8),
                readonly=bool(flags & 16),
                in_viewport=visible,
                covered=bool(flags & 64),
                invalid=bool(flags & 128),
                download=bool(flags & 256),
                new_window=bool(flags & 512),
                options=tuple(options),
                sends=sends,
                asks=asks,
                headings=tuple(over),
                beside=tuple(told[0] for told in data["texts"][first:end]) if end else (),
            )
        )
    return made


def _numbered(elements: Sequence[Element]) -> list[Element]:
    """The elements with their keys: role, name, frame, region, and a number that makes equal keys unique."""
    seen: dict[str, int] = {}
    out = []
    for e in elements:
        base = f"{e.role}|{e.name}|{e.frame}|{e.region}"
        seen[base] = number = seen.get(base, 0) + 1
        out.append(_with_key(e, f"{base}|{number}"))
    return out


def _with_key(e: Element, key: str) -> Element:
    # dataclasses.replace costs twice as much, on thousands of elements
    object.__setattr__(e, "key", key)
    return e
