"""How often the probe alone names the right cause: every fault of the lab, behind servers of several kinds.

python tests/accuracy/probe.py [--rounds N] prints a confusion matrix with precision and recall; tests/accuracy/run.py
writes it into docs/measured/.
"""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from explorer.tls.diagnose import diagnose
from explorer.tls.fault import ALL_FAULTS
from explorer.tls.front import serve
from explorer.tls.mint import Authority
from explorer.tls.probe import probe
from explorer.tls.recipe import Fault
from explorer.tls.trust import TrustStore

HEALTHY = "no fault"
AUTHORITIES = ("Trustwalk Test", "Müller & Sons Root", "example.test Internal")
NAMES = ("chat.desk.test", "a-very-long-name.with.many.labels.desk.test", "xn--bcher-kva.desk.test")


@dataclass(frozen=True, slots=True)
class Look:
    """One fault, served and probed: what it was, and what the probe called it."""

    fault: str
    truth: str
    told: str


async def look(fault: Fault, authority: Authority, name: str, trust: TrustStore, *, offline: bool) -> Look:
    client = fault.side == "client"
    async with await serve(authority, [name], None, None if client else fault) as front:
        evidence = await probe(
            name, front.port, address=front.address, trust=trust, timeout=2.0, offline=offline,
            now=datetime.now(tz=UTC) + fault.skew,
        )  # fmt: skip
    causes = diagnose(evidence).causes
    return Look(fault.name, fault.cause.value if fault.cause else HEALTHY, causes[0].value if causes else HEALTHY)


async def measure(rounds: int = len(AUTHORITIES)) -> list[Look]:
    """Every fault `rounds` times, each round with fresh keys, another authority and another host name."""
    seen = []
    for number in range(rounds):
        authority = Authority.create(AUTHORITIES[number % len(AUTHORITIES)])
        trust = TrustStore((), (authority.root.certificate,), "the lab's root")
        for fault in ALL_FAULTS.values():
            seen.append(await look(fault, authority, NAMES[number % len(NAMES)], trust, offline=False))  # noqa: PERF401 - one after the other, on a machine that has other work
    return seen


def matrix(looks: Iterable[Look]) -> str:
    """Markdown: a row for each cause, what it was called, and how often that was right."""
    looks = list(looks)
    pairs = Counter((x.truth, x.told) for x in looks)
    truths = sorted({x.truth for x in looks} | {x.told for x in looks})
    rows = ["| it was | looks | called so | called otherwise | recall | precision |", "|---|---|---|---|---|---|"]
    for truth in truths:
        total = sum(n for (was, _), n in pairs.items() if was == truth)
        called = sum(n for (_, told), n in pairs.items() if told == truth)
        right = pairs[truth, truth]
        others = ", ".join(f"{told} {n}×" for (was, told), n in sorted(pairs.items()) if was == truth and told != truth)
        rows.append(
            f"| {truth} | {total} | {right} | {others or '–'} | {_share(right, total)} | {_share(right, called)} |"
        )
    wrong = sum(n for (was, told), n in pairs.items() if was != told)
    return (
        "\n".join([*rows, "", f"{len(looks)} looks at {len({x.fault for x in looks})} servers, {wrong} wrong."]) + "\n"
    )


def figures() -> str:
    """What stands on the accuracy page."""
    return (
        "Every fault of the lab, with three authorities and host names and fresh keys each time; the headline counts.\n\n"
        + matrix(asyncio.run(measure()))
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=len(AUTHORITIES))
    looks = asyncio.run(measure(parser.parse_args().rounds))
    print(matrix(looks))
    for wrong in (x for x in looks if x.truth != x.told):
        print(f"wrong: {wrong.fault} was called {wrong.told}")
    return 1 if any(x.truth != x.told for x in looks) else 0


if __name__ == "__main__":
    raise SystemExit(main())
