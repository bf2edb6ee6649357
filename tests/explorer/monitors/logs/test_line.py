from __future__ import annotations

import pytest

from explorer.monitors.logs.line import LineParser, decode

CASES = [
    ("11-23 10:00:00.123  1000  1234 W MyTag   : hello: x", "threadtime", "1000", "1234", "MyTag", "", "hello: x"),
    (
        "2026-11-23 10:00:00.123456 +0100 u0_a12  1000  1234 I MyTag: hello",
        "threadtime",
        "1000",
        "1234",
        "MyTag",
        "",
        "hello",
    ),
    ("11-23 10:00:00.000 10123  1234  1235 W System.err: java", "threadtime", "1234", "1235", "System.err", "", "java"),
    ("1700000000.123  1000  1234 E chromium: [ERROR]", "threadtime", "1000", "1234", "chromium", "", "[ERROR]"),
    ("         12.345  1000  1234 E chromium: [ERROR]", "threadtime", "1000", "1234", "chromium", "", "[ERROR]"),
    ("06-19 13:22:32.229 W/System.err(19647): org.json", "time", "19647", "", "System.err", "", "org.json"),
    ("06-19 13:22:32.229: W/System.err(19647): org.json", "time", "19647", "", "System.err", "", "org.json"),
    ("W/System.err( 4358): android", "brief", "4358", "", "System.err", "", "android"),
    ("I(  123) text here  (MyTag)", "process", "123", "", "MyTag", "", "text here"),
    ("I(  123:  124) text here", "thread", "123", "124", "", "", "text here"),
    ("E/cr_X509Util: msg", "tag", "", "", "cr_X509Util", "", "msg"),
    ("[ 11-23 10:00:00.123  1000: 1234 W/System.err ]", "long", "1000", "1234", "System.err", "", ""),
    (
        "04-09 15:59:12.458 3002-3045/org.example.app W/System.err: javax",
        "studio-old",
        "3002",
        "3045",
        "System.err",
        "org.example.app",
        "javax",
    ),
    ("04-09 15:59:12.458 3002-3045/? W/System.err: javax", "studio-old", "3002", "3045", "System.err", "", "javax"),
    (
        "2024-04-27 22:29:45.007  1087-1624  Telec                   org.example.app            W  Failed",
        "studio",
        "1087",
        "1624",
        "Telec",
        "org.example.app",
        "Failed",
    ),
    (
        "2024-04-27 22:29:45.007  1087-1624  Telec                   W  Failed",
        "studio-untold",
        "1087",
        "1624",
        "Telec",
        "",
        "Failed",
    ),
    (
        "22:29:45.007  W  Caused by: javax.net.ssl.SSLException",
        "studio-bare",
        "",
        "",
        "",
        "",
        "Caused by: javax.net.ssl.SSLException",
    ),
    ("21:53:24.993  1979-2020  chromium  [ERROR:ssl", "studio-short", "1979", "2020", "chromium", "", "[ERROR:ssl"),
    ("22:34:09.835 D CronetLoader: so", "studio-compact", "", "", "CronetLoader", "", "so"),
    ("2015-10-06 11:39:13.569 Sample[14467:303540] CFNetwork", "xcode", "14467", "303540", "", "Sample", "CFNetwork"),
    ("2026-11-23 12:00:00.123456+0100 My App[123:4567] [tag] msg", "xcode", "123", "4567", "", "My App", "[tag] msg"),
    (
        "2026-11-23 12:00:00.123456+0100 0x1234     Error       0x0                  123    0    MyApp: (CFNetwork) msg",
        "os-log",
        "123",
        "0x1234",
        "",
        "MyApp",
        "(CFNetwork) msg",
    ),
    (
        "2026-11-23 12:00:00.123456+0100  localhost MyApp[123]: (CFNetwork) msg",
        "os-log-syslog",
        "123",
        "",
        "",
        "MyApp",
        "(CFNetwork) msg",
    ),
    (
        "Nov 23 12:00:00 Johns-iPhone MyApp(CFNetwork)[123] <Notice>: msg",
        "syslog",
        "123",
        "",
        "CFNetwork",
        "MyApp",
        "msg",
    ),
    ("Nov 23 12:00:00 MyApp[123] <Error>: msg", "syslog", "123", "", "", "MyApp", "msg"),
    (
        "11-23 10:00:00.100  4000  4010 E unknown:Networking: Failed",
        "threadtime",
        "4000",
        "4010",
        "unknown:Networking",
        "",
        "Failed",
    ),
    ("plain text, no header", "", "", "", "", "", "plain text, no header"),
]


@pytest.mark.parametrize(
    ("text", "form", "pid", "tid", "tag", "package", "rest"), CASES, ids=[f"{c[1]}-{n}" for n, c in enumerate(CASES)]
)
def test_a_line_is_taken_apart_in_its_format(
    text: str, form: str, pid: str, tid: str, tag: str, package: str, rest: str
) -> None:
    line = LineParser().parse(1, text)
    assert (line.form, line.pid, line.tid, line.tag, line.package, line.text) == (form, pid, tid, tag, package, rest)


def test_formats_may_change_from_line_to_line() -> None:
    parser = LineParser()
    assert [parser.parse(n, case[0]).form for n, case in enumerate(CASES)] == [case[1] for case in CASES]
    assert parser.recognised == len(CASES) - 1


def test_hostile_bytes_become_harmless_text() -> None:
    assert decode(b"a\x00b\x1b[31mred\x1b[0m\xff\xe2\x80\xaeevil\r\n") == "abred\ufffdevil"


@pytest.mark.parametrize("filler", ["(", "a", " ", "1", "at ", "[", "E/", "0x1 ", "11-23 ", "\\"])
def test_an_absurdly_long_line_is_cut_and_does_not_hang(filler: str) -> None:
    line = LineParser().parse(1, filler * 200_000)
    assert len(line.text) <= 16_384
