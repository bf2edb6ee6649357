"""Finds flaws of an Android screen: controls without names, small touch targets, and text with too little contrast.

A flaw is a defect that need not make a journey fail. Pure: the input is the UI tree and a screenshot. Nothing is
reported about what the tree does not contain, such as the contents of a canvas.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image, UnidentifiedImageError

from explorer.surfaces.android.screen import Parsed, Place
from explorer.surfaces.surface import Audited
from flows.flaw import ACCESSIBILITY, Flaw, Weight
from flows.screen import Element

TARGET = 48
"""The least width and height of a touch target by Android's guidelines, in dp."""
FAINT = 3.0
"""WCAG's minimum contrast ratio for large text.

The ratio for small text is higher, but the UI tree does not contain the text size. So we report only text that is too
faint at every size."""
VISIBLE = 1.15
"""Up to this contrast ratio, we assume that the screenshot shows no text there, and report nothing."""
_READ = frozenset({"button", "link", "tab", "menuitem", "clickable", "checkbox", "radio", "switch"})


def audited(parsed: Parsed, picture: bytes) -> Audited:
    """All flaws of a screen. Without a picture, contrast is not checked, and `problem` says so."""
    problem = "" if picture else "The app forbids screenshots, so its contrast cannot be checked."
    return Audited((*flaws(parsed), *faint(parsed, picture)), problem)


def flaws(parsed: Parsed) -> Iterator[Flaw]:
    """The flaws that the UI tree alone shows: missing names and small touch targets."""
    for element in parsed.screen.elements:
        place = parsed.places[element.ref]
        if not element.name.strip() and not place.text:
            weight = Weight.SERIOUS if element.role == "clickable" else Weight.CRITICAL
            text = "It has neither text nor a description for a screen reader to say"
            yield Flaw(f"{ACCESSIBILITY}name", weight, text, _called(element))
        width, height = element.box[2:]
        small = any(0 < side < TARGET and not cut for side, cut in zip((width, height), place.clipped, strict=True))
        if small and element.enabled and not element.frame:
            text = f"The touch target is smaller than {TARGET} × {TARGET} dp"
            yield Flaw(
                f"{ACCESSIBILITY}touch-target", Weight.MODERATE, text, _called(element), f"{width} × {height} dp"
            )


def faint(parsed: Parsed, picture: bytes) -> Iterator[Flaw]:
    """Enabled controls whose text has too little contrast. Disabled controls may be faint."""
    try:
        image = Image.open(io.BytesIO(picture)).convert("RGB")
    except (UnidentifiedImageError, OSError):
        return
    for element in parsed.screen.elements:
        if element.role in _READ and element.enabled and element.name.strip():
            ratio = contrast(image, parsed.places[element.ref])
            if ratio is not None and VISIBLE < ratio < FAINT:
                state = " while it is on" if element.checked else ""
                text = f"Its text has too little contrast at any size{state}"
                yield Flaw(
                    f"{ACCESSIBILITY}contrast",
                    Weight.SERIOUS,
                    text,
                    _called(element),
                    f"{ratio:.1f}:1, wanted {FAINT:g}:1",
                )


def contrast(image: Image.Image, place: Place) -> float | None:
    """WCAG's contrast ratio between the most common colour of an element and the colour that differs most from it.

    None if the element is too small. An icon can only make the contrast larger, so a flaw may be missed but is never
    invented."""
    x, y, width, height = place.box
    box = (max(x, 0), max(y, 0), min(x + width, image.width), min(y + height, image.height))
    if box[2] - box[0] < 4 or box[3] - box[1] < 4:
        return None
    part = image.crop(box)
    part.thumbnail((400, 400), Image.Resampling.NEAREST)  # other filters would mix colours that no user sees
    colours = part.quantize(16, method=Image.Quantize.MEDIANCUT).convert("RGB").getcolors(16) or []
    least = part.width * part.height * 0.004
    seen = [(n, _luminance(c)) for n, c in colours if n >= least and isinstance(c, tuple)]
    if not seen:
        return None
    ground = max(seen)[1]
    return max((max(ground, light) + 0.05) / (min(ground, light) + 0.05) for _, light in seen)


def _luminance(colour: tuple[int, ...]) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _called(element: Element) -> str:
    role = "control" if element.role == "clickable" else element.role
    known = element.name.strip()[:100] or next((h for h in element.hints if h), "")
    return f"{role} «{known}»" if known else role
