"""Which answer of a question with fixed answers is taken."""

from __future__ import annotations

import pytest

from explorer.policy.answering import is_answer, option_of, plainest_first
from flows.recognise.forms import Form
from flows.screen import Element


def chosen(name: str, *options: str, careful: bool = True, required: bool = True) -> str:
    told = ("Please choose", *options)
    return option_of(Element("r", "k", "combobox", name, options=told, required=required), careful=careful)


PLAIN = [
    (("Emergency – call out an engineer", "General question"), "General question"),
    (("Report a stolen card", "Move out", "Other"), "Other"),
    (("CEO", "Press office", "Customer service"), "Customer service"),
    (("Everybody in the forum", "Only support"), "Only support"),
    (("Yes, within 1 hour (+99 ct)", "No"), "No"),
    (("Gold – 2 credits", "Free"), "Free"),
    (("Send a technician", "Just a question"), "Just a question"),
    (("Notfall – Techniker sofort schicken", "Sonstiges"), "Sonstiges"),
    (("Urgence", "Résiliation", "Autre demande"), "Autre demande"),
    (("Urgencia", "Denuncia", "Otros"), "Otros"),
    (("Emergência", "Ouvidoria", "Outros"), "Outros"),
    (("Emergenza", "Stampa", "Altro"), "Altro"),
    (("Spoed", "Directie", "Overig"), "Overig"),
    (("Awaria alarmowa", "Zarząd", "Inne"), "Inne"),
    (("Acil", "Yönetim", "Diğer"), "Diğer"),
    (("至急修理（￥5,000）", "その他"), "その他"),
    (("긴급 출동", "홍보팀", "기타"), "기타"),
    (("紧急救援", "媒体", "其他"), "其他"),
]


@pytest.mark.parametrize(("options", "plainest"), PLAIN)
def test_on_a_public_target_the_option_that_asks_for_nothing_in_particular_is_taken(
    options: tuple[str, ...], plainest: str
) -> None:
    assert chosen("Topic", *options) == plainest
    assert chosen("Topic", plainest, *options) == plainest


def test_without_such_an_option_the_last_one_is_taken_there_and_the_first_elsewhere() -> None:
    assert chosen("Topic", "Red lamp", "Green lamp", "Blue lamp") == "Blue lamp"
    assert chosen("Topic", "Red lamp", "Green lamp", "Blue lamp", careful=False) == "Red lamp"


def test_nobody_is_called_out_where_there_is_another_way() -> None:
    assert chosen("Topic", "Emergency", "Red lamp", careful=False) == "Red lamp"
    assert chosen("Topic", "Emergency", "SOS") == "", "and on a public target not even where there is none"


def test_degrees_keep_their_order() -> None:
    assert chosen("Priority", "Low", "High", "Highest") == "Low"
    assert chosen("Level", "1 – Critical", "2 – Major", "3 – Minor") == "3 – Minor"


def test_one_radio_button_of_a_question_is_pressed() -> None:
    names = ("Emergency", "Red lamp", "Other")
    buttons = tuple(Element(n, n, "radio", n, "radio", group="g", required=True) for n in names)
    form = Form("", "g", buttons, (), "ticket")
    assert [b.name for b in buttons if is_answer(b, form, (), careful=True)] == ["Other"]
    assert [b.name for b in buttons if is_answer(b, form, (), careful=False)] == ["Red lamp"]
    assert not any(is_answer(b, form, ("Other",), careful=True) for b in buttons)


def test_plain_options_come_first() -> None:
    assert plainest_first(["A", "Other", "B"]) == ["Other", "B", "A"]


def test_of_degrees_the_highest_is_never_taken() -> None:
    assert chosen("Priority", "Low", "High") == "Low"
    assert chosen("Severity", "Low", "High", "Critical") == "Low"
    assert chosen("Level", "1 – Critical", "2 – Normal", "3 – Low") == "3 – Low"


@pytest.mark.parametrize(
    ("question", "options", "taken"),
    [
        ("Severity", ("P4", "P3", "P2", "P1"), "P4"),
        ("Severity", ("P1", "P2", "P3", "P4"), "P4"),
        ("Class", ("Sev 1", "Sev 2", "Sev 3"), "Sev 3"),
        ("Class", ("Sev 3", "Sev 2", "Sev 1"), "Sev 3"),
        ("Level", ("4 – Low", "3 – Normal", "1 – Critical"), "4 – Low"),
        ("Level", ("1 – Low", "2 – Medium", "5 – Critical"), "1 – Low"),
        ("Priorität", ("Niedrig", "Normal", "Dringend"), "Niedrig"),
        ("Priorität", ("Dringend", "Normal", "Niedrig"), "Niedrig"),
        ("Gravité", ("Critique", "Majeure", "Mineure"), "Mineure"),
        ("Prioridad", ("Alta", "Media", "Baja"), "Baja"),
        ("Nivel", ("Media", "Crítica"), "Media"),
        ("Priorytet", ("Niski", "Wysoki", "Krytyczny"), "Niski"),
        ("優先度", ("低", "中", "高"), "低"),
        ("優先度", ("高", "中", "低"), "低"),
        ("우선순위", ("긴급", "높음", "낮음"), "낮음"),
        ("优先级", ("紧急", "高", "低"), "低"),
    ],
)
def test_the_mildest_degree_is_taken_wherever_it_stands(question: str, options: tuple[str, ...], taken: str) -> None:
    assert chosen(question, *options) == taken


@pytest.mark.parametrize(
    ("heading", "options", "taken"),
    [
        ("Priority", ("Low", "High", "Critical"), "Low"),
        ("Priority", ("Low", "High"), "Low"),
        ("", ("Urgent help needed", "Other"), "Other"),
    ],
)
def test_radio_buttons_are_ranked_as_the_options_of_a_list(heading: str, options: tuple[str, ...], taken: str) -> None:
    headings = (heading,) if heading else ()
    buttons = tuple(Element(n, n, "radio", n, group="q", kind="radio", headings=headings) for n in options)
    form = Form("", "q", buttons, (), "ticket")
    assert [b.name for b in buttons if is_answer(b, form, (), careful=True)] == [taken]
