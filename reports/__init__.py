"""The journal of a run, and everything that is told from it. A format is a file here and one line in `FORMATS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from reports import har, json_file, junit, markdown, regression, sarif, web_page
from reports.journal.events import Compared
from reports.summary import Summary, load


@dataclass(frozen=True, slots=True)
class Format:
    """`file` is its name in a run's folder; `tell` makes its text, a pure function of the run."""

    file: str
    tell: Callable[[Summary], str]
    about: str


FORMATS: dict[str, Format] = {
    "html": Format("report.html", web_page.render, "the report that people read"),
    "json": Format("report.json", json_file.render, "trustwalk.report/1, for machines"),
    "junit": Format("junit.xml", junit.render, "for Jenkins, GitLab and GitHub actions that read JUnit"),
    "sarif": Format("report.sarif", sarif.render, "for code scanning"),
    "markdown": Format("report.md", markdown.render, "for a job summary or a pull-request comment"),
    "har": Format("requests.har", har.render, "every request that the client made, for whoever reads HAR"),
    "regression": Format("test_journeys.py", regression.render, "a pytest script that replays each journey"),
}
"""What `--format` takes, in the order in which help and documentation list it."""


def render(run_dir: Path, formats: Iterable[str], out: Path | None, compared: Compared | None = None) -> dict[str, str]:
    """Tell a run in each of the formats; write them into `out` (None: nowhere) and return their texts by format.

    `compared` sets it against an earlier run, in place of the baseline that it had itself.

    Raises JournalError if there is no journal to tell from, KeyError for an unknown format, OSError if `out` cannot be
    written.
    """
    summary = load(run_dir)
    if compared is not None:
        summary.baseline, summary.difference = compared.baseline, compared.difference
    told = {name: FORMATS[name].tell(summary) for name in formats}
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in told.items():
            (out / FORMATS[name].file).write_text(text, encoding="utf-8", newline="\n")
    return told
