"""Each attack that was found is tried by a test for as long as this repository lives: the table names it, and it is there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ATTACKS: dict[str, tuple[str, ...]] = {
    "1 a login typed into a foreign site": ("journeys/live_web/test_login_traps.py::test_the_login_goes_nowhere_else_and_the_true_one_works",),
    "2 buttons that cost and send, and dialogs": ("journeys/live_web/test_harm.py::test_under_a_public_name_nothing_harmful_is_pressed_and_the_journeys_pass",),
    "3 two servers on one folder": ("explorer/cli/test_serve.py::test_a_second_server_on_one_folder_is_told",),
    "4 a package that costs work": ("explorer/targets/test_apk_bombs.py::test_the_process_that_reads_ends_at_its_limits",),
    "5 packages that cost memory and disk": (
        "explorer/targets/test_apk_bombs.py::test_large_assets_are_read_in_pieces_and_their_urls_found_at_every_place",
        "explorer/targets/test_apk_bombs.py::test_a_part_is_looked_at_before_the_next_one_is_unpacked",
    ),
    "6 endless downloads": ("explorer/surfaces/web/live_web/test_caps.py::test_a_download_that_does_not_end_is_cancelled",),
    "7 names of this machine, and names that do not resolve": (
        "explorer/server/test_checking.py::test_a_name_that_does_not_resolve_is_not_taken_for_a_public_one",
        "explorer/surfaces/web/live_web/test_border.py::test_a_name_is_followed_only_if_it_is_known_to_be_public",
    ),
    "8 a way from a public page to a private address": ("explorer/surfaces/web/live_web/test_border.py::test_no_way_leads_to_a_private_address",),
    "9 an issuer at a private address": ("explorer/tls/test_probe.py::test_nothing_is_fetched_from_a_private_address",),
    "10 a persona's name that leads out of the folder": ("explorer/cli/test_hostile_files.py::test_a_name_that_could_leave_a_folder_is_refused",),
    "11 a report that is a link": ("readers/test_writing.py::test_nothing_is_written_through_another_name",),
    "12 kill -9 and SIGHUP after a login": (
        "explorer/cli/live_web/test_interrupted.py::test_after_kill_9_the_report_is_told_from_the_journal",
        "nightly/test_killed.py::test_nothing_is_lost_and_nothing_is_left",
    ),
    "13 a page that echoes the password": ("journeys/live_web/test_password_echo.py::test_no_file_of_the_run_holds_the_password",),
    "14 damaged journals": ("reports/journal/test_hostile.py::test_a_line_that_is_no_event_is_a_sentence_with_its_number", "reports/journal/test_hostile.py::test_a_journal_cut_at_any_byte_keeps_its_whole_lines"),
    "15 a journal that is a pipe or a device": ("reports/journal/test_hostile.py::test_what_is_no_regular_file_or_too_large_is_refused_unread",),
    "16 a damaged package": ("explorer/targets/test_apk_bombs.py::test_a_number_that_does_not_end_is_no_crash",),
    "17 a demo on a full disk": ("explorer/cli/test_full_disk.py::test_a_demo_without_room_ends_with_a_sentence",),
    "18 a server on a full disk": (
        "explorer/server/test_full_disk.py::test_it_is_told_with_507_and_a_sentence",
        "explorer/server/test_full_disk.py::test_no_half_zip_stays",
    ),
    "19 a flood of lines and requests": ("explorer/surfaces/web/live_web/test_caps.py::test_a_flood_of_lines_is_cut_and_counted",),
    "20 a signal to the process group": ("explorer/cli/live_web/test_interrupted.py::test_a_run_that_is_stopped_tells_what_it_saw",),
    "21 damaged files that people write": ("readers/test_yaml_text.py::test_another_encoding_is_named",),
    "22 half-open connections": ("explorer/server/test_connections.py::test_three_hundred_half_requests_keep_nobody_out",),
    "23 a wrong login, many personas": ("journeys/live_web/test_login_traps.py::test_a_wrong_login_is_tried_twice_whoever_tries_it",),
    "24 a place behind the end": ("explorer/server/test_run_files.py::test_whole_lines_are_told_from_any_place_on",),
    "24 a recording that is missing": ("explorer/run/test_evidence_files.py::test_a_recording_that_was_wanted_and_is_not_there_is_told",),
    "24 Ctrl-C again and again": ("explorer/cli/live_web/test_interrupted.py::test_one_who_presses_ctrl_c_again_and_again_leaves_nothing_behind",),
    "24 output that cannot be written": (
        "explorer/cli/test_output.py::test_a_full_disk_is_a_sentence_and_exit_code_three",
        "explorer/cli/test_output.py::test_a_terminal_that_knows_only_ascii_gets_all_the_rest",
    ),
    "24 secrets that programs inherit": ("explorer/cli/live_web/test_interrupted.py::test_no_program_that_it_starts_gets_the_login",),
}  # fmt: skip
"""Attack → the tests that make it, below tests/."""


def named_in(file: Path) -> set[str]:
    """The names of a file's tests."""
    made = ast.parse(file.read_text(encoding="utf-8")).body
    return {
        n.name for n in made if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.name.startswith("test_")
    }


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_tests_that_make_it_are_there(attack: str, root: Path) -> None:
    for named in ATTACKS[attack]:
        file, _, test = named.partition("::")
        assert test in named_in(root / "tests" / file), f"{named} is gone: name the test that makes this attack now"


def test_no_attack_is_left_out() -> None:
    assert {int(attack.split()[0]) for attack in ATTACKS} == set(range(1, 25))
