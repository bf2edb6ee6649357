"""Measures `trustwalk logs` on a labelled corpus: python tests/accuracy/logs.py CORPUS.jsonl [--misses] [--classes].

The corpus is third-party material and stays outside the repository (or name it in TRUSTWALK_LOG_CORPUS). An excerpt
counts as detected if it gives a finding; its causes are those of all its findings. Labels' two words that cover several
of our causes (`weak_protocol_or_cipher`, `unknown_tls`) accept any of what they cover.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from explorer.monitors.logs.finding import LogFinding
from explorer.monitors.logs.scan import LogScanner
from explorer.monitors.logs.signatures import SignatureBook, make_book

RENAMED = {"pinning": "pin-mismatch", "client_cert_required": "client-certificate-required"}
COARSE = {"weak-protocol": "weak", "weak-cipher": "weak", "weak-protocol-or-cipher": "weak"}
"""Both sides are compared in the labels' coarser words."""


def words(causes: list[str]) -> frozenset[str]:
    """Causes in the labels' words."""
    plain = (RENAMED.get(c, c).replace("_", "-") for c in causes)
    return frozenset(COARSE.get(c, c) for c in plain)


def scan(book: SignatureBook, lines: list[str]) -> list[LogFinding]:
    """All findings in an excerpt."""
    scanner = LogScanner(book)
    found = list(scanner.feed("\n".join(lines).encode() + b"\n"))
    return [*found, *scanner.close()]


def measure(corpus: list[dict[str, Any]], *, misses: bool = False) -> dict[str, float]:
    """Print the figures, and give them back by name."""
    book = make_book()
    tally: Counter[str] = Counter()
    for case in corpus:
        found = scan(book, case["lines"])
        label = words(case["label"])
        said = words([str(c) for f in found for c in f.causes])
        positive = case["kind"] == "positive"
        tally["positive" if positive else "negative"] += 1
        tally["true positive"] += bool(positive and found)
        tally["false positive"] += bool(not positive and found)
        if positive:
            tally["single"] += len(found) == 1
            tally["exact"] += said == label
            tally["covers"] += said >= label
            tally["overlaps"] += bool(said & label)
            tally["first"] += bool(found and words([str(found[0].causes[0])]) & label)
            tally["causes said"] += len(said)
            tally["causes right"] += len(said & label)
            tally["causes labelled"] += len(label)
            if case["host"]:
                tally["hosts"] += 1
                tally["hosts right"] += any(f.host == case["host"] for f in found)
            tally["hosts wrong"] += any(f.host not in ("", case["host"]) for f in found)
            tally["ports right"] += any((f.port or None) == case["port"] for f in found)
        if misses and ((positive and (said != label or len(found) != 1)) or (not positive and found)):
            print(
                case["id"],
                "labelled",
                sorted(label),
                "said",
                [(f.signature, f.host, list(map(str, f.causes))) for f in found],
            )
    figures = {
        "detection recall": tally["true positive"] / max(tally["positive"], 1),
        "detection precision": tally["true positive"] / max(tally["true positive"] + tally["false positive"], 1),
        "cause recall": tally["causes right"] / max(tally["causes labelled"], 1),
        "cause precision": tally["causes right"] / max(tally["causes said"], 1),
        "exact cause set": tally["exact"] / max(tally["positive"], 1),
        "set covers label": tally["covers"] / max(tally["positive"], 1),
        "first cause in label": tally["first"] / max(tally["positive"], 1),
        "exactly one finding": tally["single"] / max(tally["positive"], 1),
        "host right where labelled": tally["hosts right"] / max(tally["hosts"], 1),
    }
    for name, value in figures.items():
        print(f"{name:28}{value:7.1%}")
    print(dict(tally))
    return figures


def by_class(corpus: list[dict[str, Any]]) -> list[str]:
    """A table in Markdown: for each cause how often the log allows it, how often that was said, and how often too much."""
    book = make_book()
    labelled, right, said_all = Counter[str](), Counter[str](), Counter[str]()
    for case in corpus:
        label = words(case["label"]) if case["kind"] == "positive" else frozenset[str]()
        said = words([str(c) for f in scan(book, case["lines"]) for c in f.causes])
        labelled.update(label)
        said_all.update(said)
        right.update(label & said)
    rows = ["| cause | allowed by the log | said | precision | recall |", "|---|---|---|---|---|"]
    for cause, allowed in sorted(labelled.items(), key=lambda item: (-item[1], item[0])):
        precision = f"{right[cause] / said_all[cause]:.0%}" if said_all[cause] else "–"
        rows.append(f"| `{cause}` | {allowed} | {said_all[cause]} | {precision} | {right[cause] / allowed:.0%} |")
    return rows


def main() -> int:
    """Measure the corpus that is named on the command line or in the environment."""
    given = [a for a in sys.argv[1:] if not a.startswith("--")]
    path = given[0] if given else os.environ.get("TRUSTWALK_LOG_CORPUS", "")
    if not path:
        print(__doc__, file=sys.stderr)
        return 2
    corpus = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]
    measure(corpus, misses="--misses" in sys.argv)
    if "--classes" in sys.argv:
        print("\n".join(by_class(corpus)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
