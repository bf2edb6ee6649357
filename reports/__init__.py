"""The journal of a run, and the reports rendered from it. Each format has a module here and an entry in `FORMATS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from readers.writing import write_own
from reports import har, json_file, junit, markdown, regression, reply, sarif, web_page
from reports.journal.events import Compared, JournalError
from reports.summary import UNTOLD, Summary, load, untold


@dataclass(frozen=True, slots=True)
class Format:
    """A report format. `file` is the report's file name. `tell` renders its text, as a pure function of the run."""

    file: str
    tell: Callable[[Summary], str]
    about: str


FORMATS: dict[str, Format] = {
    "html": Format("report.html", web_page.render, "the report that people read"),
    "json": Format("report.json", json_file.render, "trustwalk.report/1, for machines"),
    "junit": Format("junit.xml", junit.render, "for Jenkins, GitLab and GitHub actions that read JUnit"),
    "sarif": Format("report.sarif", sarif.render, "for code scanning"),
    "markdown": Format("report.md", markdown.render, "for a job summary or a pull-request comment"),
    "reply": Format("reply.txt", reply.render, "drafts of an answer to the customer and to the team that runs a host"),
    "har": Format("requests.har", har.render, "every request that the client made, for whoever reads HAR"),
    "regression": Format("test_journeys.py", regression.render, "a pytest script that replays each journey"),
}
"""The formats that `--format` accepts, in the order of help and documentation."""


def render(run_dir: Path, formats: Iterable[str], out: Path | None, compared: Compared | None = None) -> dict[str, str]:
    """Render a run in each of the formats, write them into `out` (None: nowhere), and return the texts by format.

    If `compared` is given, the reports show it instead of the comparison that the run's own journal holds.

    Raises JournalError if there is no valid journal, KeyError for an unknown format, and OSError if `out` cannot be
    written.
    """
    summary = load(run_dir)
    if compared is not None:
        summary.baseline, summary.difference = compared.baseline, compared.difference
    try:
        told = {name: FORMATS[name].tell(summary) for name in formats}
    except UNTOLD as error:
        raise JournalError(untold(run_dir, error)) from error
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in told.items():
            write_own(out / FORMATS[name].file, text)
    return told
