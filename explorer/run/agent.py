"""How a run introduces itself to a live site: at the end of the browser's own user agent."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, metadata

from explorer import __version__

OWN = "none"
"""The value of `--contact` that leaves the browser's user agent unchanged."""


def agent(contact: str) -> str:
    """The text to add: `Trustwalk/1.0 (+https://example.org/about)`. Without `contact`, it names our homepage."""
    if contact == OWN:
        return ""
    address = contact or _homepage()
    return f"Trustwalk/{__version__}" + (f" (+{address})" if address else "")


def _homepage() -> str:
    """The homepage in the metadata of the installed package."""
    try:
        told = metadata("trustwalk").get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    links = dict(line.partition(", ")[::2] for line in map(str, told))
    return next((url for name, url in links.items() if name.lower() in ("homepage", "home", "repository")), "")
