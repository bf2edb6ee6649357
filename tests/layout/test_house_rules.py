"""House rules that a reader could check by eye, checked by machine."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

LIMIT = 400
UNFORMATTED = 40
"""Places that may keep the formatter off, in the whole tree: tables that read better by hand."""
PURE = ("flows", "personas", "reports", "explorer/policy", "explorer/monitors")
IMPURE_CALLS = {"open", "print", "input", "datetime.now", "datetime.utcnow", "date.today", "os.getenv", "uuid.uuid4"}
WRITES = {"write_text", "write_bytes", "mkdir", "unlink", "rename", "touch"}
MAY_WRITE = {"reports/journal/events.py", "reports/__init__.py"}
"""The journal is what everything else is told from; `reports.render` puts the finished reports next to it."""


def read(path: Path, *words: str) -> str:
    """The text of a file, or nothing if it holds none of the words: parsing all files for each rule takes minutes."""
    text = path.read_text(encoding="utf-8")
    return text if any(word in text for word in words) else ""


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each call in a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def impurities(path: Path) -> list[str]:
    found = []
    for line, name in calls(path):
        last_two = ".".join(name.split(".")[-2:])
        random_state = name.startswith("random.") and name != "random.Random"
        if last_two in IMPURE_CALLS or random_state or name.rpartition(".")[2] in WRITES:
            found.append(f"{line}: {name}")
    return found


def test_no_module_is_longer_than_its_reader_s_patience(tracked: list[Path], root: Path) -> None:
    lines = {p: len((root / p).read_text(encoding="utf-8").splitlines()) for p in tracked if p.suffix == ".py"}
    assert lines
    assert {str(p): n for p, n in lines.items() if n > LIMIT} == {}


def unformatted(path: Path) -> int:
    """How often a module keeps the formatter off, for a statement, a block or the rest of the file."""
    lines = io.StringIO(read(path, "fmt:", "yapf:"))
    comments = [t.string for t in tokenize.generate_tokens(lines.readline) if t.type == tokenize.COMMENT]
    return sum(len(re.findall(r"#\s*(?:fmt:\s*(?:skip|off)|yapf:\s*disable)", comment)) for comment in comments)


def test_the_formatter_has_its_way_but_for_a_few_tables(tracked: list[Path], root: Path) -> None:
    kept_off = {str(p): n for p in tracked if p.suffix == ".py" and (n := unformatted(root / p))}
    assert sum(kept_off.values()) <= UNFORMATTED, kept_off


def test_a_formatter_that_is_kept_off_would_be_noticed(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    lines = ["ROWS = [", "    (1,   2),  # fmt: skip", "]", "# fmt: off", "A  = 1", "# fmt: on", "SAID = '# fmt: off'"]
    module.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert unformatted(module) == 2
    module.write_text("A  = 1  # noqa: E221 # fmt: skip\n" * (UNFORMATTED + 1), encoding="utf-8")
    assert unformatted(module) == UNFORMATTED + 1


def test_what_decides_reads_no_clock_and_writes_no_file(modules: list[Path], root: Path) -> None:
    pure = [p for p in modules if str(p).startswith(PURE) and str(p) not in MAY_WRITE]
    assert pure
    assert {str(p): found for p in pure if (found := impurities(root / p))} == {}


@pytest.mark.parametrize(
    "line",
    ["open('x')", "datetime.datetime.now()", "datetime.now(tz=UTC)", "random.choice([1])", "path.write_text('')"],
)
def test_an_impurity_would_be_noticed(line: str, tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(f"import random\nrng = random.Random(1)\nrng.choice([1])\n{line}\n", encoding="utf-8")
    assert len(impurities(module)) == 1


def test_only_the_command_line_ends_the_process(modules: list[Path], root: Path) -> None:
    enders = {"sys.exit", "exit", "quit", "os._exit"}
    elsewhere = [p for p in modules if not str(p).startswith("explorer/cli/") and read(root / p, "exit", "quit")]
    assert {str(p): n for p in elsewhere for _, n in calls(root / p) if n in enders} == {}


def test_nothing_that_observes_ignores_certificate_errors(modules: list[Path], root: Path) -> None:
    """`ignore_https_errors` and its command-line counterparts hide the very faults that we look for."""
    found = []
    for path in modules:
        for node in ast.walk(ast.parse(read(root / path, "ignore"))):
            named = isinstance(node, ast.keyword) and node.arg in {"ignore_https_errors", "ignoreHTTPSErrors"}
            switch = isinstance(node, ast.Constant) and str(node.value).startswith("--ignore-certificate-errors")
            if named or switch:
                found.append(f"{path}:{getattr(node, 'lineno', 0)}")
    assert found == []


def test_nothing_is_skipped_or_expected_to_fail(tracked: list[Path], root: Path) -> None:
    evasions = {"skip", "skipif", "xfail", "importorskip"}
    found = []
    for path in tracked:
        if path.parts[0] != "tests" or path.suffix != ".py":
            continue
        found += [
            f"{path}:{node.lineno}"
            for node in ast.walk(ast.parse(read(root / path, *evasions)))
            if isinstance(node, ast.Attribute) and node.attr in evasions and "pytest" in ast.unparse(node.value)
        ]
    assert found == []


def fixed_waits(path: Path) -> list[int]:
    """Lines that sleep outside a loop (inside one, it is the pause between two looks at a condition)."""
    tree = ast.parse(read(path, "sleep", "wait_for_timeout"))
    polled = {
        id(n) for loop in ast.walk(tree) if isinstance(loop, ast.While | ast.For | ast.AsyncFor) for n in ast.walk(loop)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in {"sleep", "wait_for_timeout"}
        and id(node) not in polled
        and not (node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0)
    ]


def test_no_test_waits_for_a_fixed_time(tracked: list[Path], root: Path) -> None:
    tests = [p for p in tracked if p.parts[0] == "tests" and p.suffix == ".py"]
    assert {str(p): lines for p in tests if (lines := fixed_waits(root / p))} == {}


def test_a_fixed_wait_would_be_noticed(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("await asyncio.sleep(0)\nwhile not done():\n    sleep(0.01)\ntime.sleep(1)\n", encoding="utf-8")
    assert fixed_waits(module) == [4]


def test_tests_are_no_package(tracked: list[Path]) -> None:
    """`tests/flows/__init__.py` would shadow `flows`."""
    assert [str(p) for p in tracked if p.parts[0] == "tests" and p.name == "__init__.py"] == []


def test_no_registry_and_no_machine_is_named(tracked: list[Path], root: Path) -> None:
    """Where packages come from is a setting of the machine, and a path of one machine is wrong on every other."""
    registries = [
        ".".join(parts)
        for parts in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("debian", "org"),
            ("ubuntu", "com"),
        )
    ]
    paths = ["/".join(("", *parts, "")) for parts in (("work",), ("root",), ("tmp", "infra"), ("opt", "pypi"))]
    found = []
    for path in tracked:
        try:
            text = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path}: {word}" for word in registries + paths if word in text]
    assert found == []
