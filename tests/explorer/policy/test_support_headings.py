"""On a public target, a form is sent as a request to support only if the headings over it explain that it is one."""

from __future__ import annotations

import random
from typing import Any

import pytest

from explorer.lab.demo.texts import LANGUAGES, load_texts
from explorer.policy.permission import Permission
from explorer.surfaces.scripted import screen_of
from flows.journey import Role, load_catalogue
from flows.recognise.forms import forms
from tests.explorer.policy.headings import ACTS, SUPPORT
from tests.explorer.policy.test_beyond_support import FIELDS
from tests.wild.texts import words

CATALOGUE = load_catalogue()
BUTTONS = {
    "en": "Send", "de": "Absenden", "fr": "Envoyer", "es": "Enviar", "pt": "Enviar", "it": "Invia",
    "nl": "Verzenden", "pl": "Wyślij", "tr": "Gönder", "ja": "送信", "ko": "보내기", "zh": "提交",
}  # fmt: skip
FILE: dict[str, object] = {"role": "file", "name": "File", "kind": "file", "group": "g"}


def sent(*over: str, button: str = "Send", role: Role = Role.TICKET, to: str = "/x", **page: Any) -> bool:
    """Whether the journey may send a form under these headings on a public target."""
    fields = [FILE] if role is Role.UPLOAD else FIELDS
    send: dict[str, object] = {"role": "button", "name": button, "kind": "submit", "group": "g", "sends": f"post {to}"}
    made = [{**each, "headings": list(over)} for each in (*fields, send)]
    allow = page.pop("allow", frozenset())
    public = page.pop("public", True)
    screen = screen_of(made, (), **{"address": "https://desk.test/x", **page})
    return Permission(public=public, journeys=CATALOGUE, allow=allow).may_fill(forms(screen)[0], screen, role)


@pytest.mark.parametrize("tag", SUPPORT)
def test_the_headings_of_requests_for_support_are_known_in_each_language(tag: str) -> None:
    assert [heading for heading in SUPPORT[tag] if not sent(heading, button=BUTTONS[tag])] == []


@pytest.mark.parametrize("tag", ACTS)
def test_a_heading_that_asks_for_something_else_is_not_sent_in_any_language(tag: str) -> None:
    assert [heading for heading in ACTS[tag] if sent(heading, button=BUTTONS[tag])] == []
    assert sent(ACTS[tag][0], button=BUTTONS[tag], allow=frozenset({"send", "change", "payment", "end", "publish"}))


@pytest.mark.parametrize("tag", SUPPORT)
def test_the_headings_of_our_own_portals_are_known(tag: str) -> None:
    drawn = [words(tag, random.Random(seed)) for seed in range(8)]
    skins = load_texts(tag).values() if tag in LANGUAGES else ()
    asking = {w["ticket"] for w in drawn} | {skin["ticket_title"] for skin in skins}
    filing = {w["files"] for w in drawn} | {w["upload"] for w in drawn} | {skin["files_title"] for skin in skins}
    assert [heading for heading in sorted(asking) if not sent(heading, button=BUTTONS[tag])] == []
    assert [heading for heading in sorted(filing) if not sent(heading, button=BUTTONS[tag], role=Role.UPLOAD)] == []


def test_a_heading_in_words_that_nobody_knows_is_sent_on_a_test_system_alone() -> None:
    for heading in ("Kukkakimppu äidille", "Заказать обратный звонок", "Tombola"):
        assert not sent(heading) and sent(heading, public=False)


def test_a_heading_of_a_part_of_the_form_leaves_the_word_to_the_one_above() -> None:
    assert sent("Contact us", "Your details") and sent("Your details") and sent("Report a problem", "Step 2 of 3")
    assert not sent("Mortgage", "Your details") and not sent("Pet insurance", "Step 2 of 3")


def test_the_name_of_the_site_may_stand_in_a_heading() -> None:
    assert sent("Contact Acme", address="https://www.acme.example/x") and not sent("Contact Acme")
    assert sent("Contact Acme Health", title="Get in touch – Acme Health")
    assert not sent("Raffle", title="Raffle – Acme"), "the title repeats the heading"


def test_a_title_that_begins_with_the_site_explains_nothing() -> None:
    """«Acme | Loan request»: what stands last is the page's own name, and is not taken out of the heading."""
    assert not sent("Mortgage request", title="Acme – Mortgage")
    assert not sent("Petition form", title="Acme | Petition")
    assert not sent("Loan Request", title="Acme | Loan request")
    assert not sent("Your loan request", title="Acme – Loan")


def test_a_slogan_is_explained_by_a_title_that_names_the_way_to_support() -> None:
    slogan = "Great things start with a chat over coffee"
    assert sent(slogan, title="Contact us – Acme") and not sent(slogan, title="Support – Acme")
    assert not sent(slogan) and not sent("Mortgage request", title="Contact us – Acme")


DOINGS = [
    *("Create invoice", "Send a parcel", "New customer", "New delivery", "Email clients", "Make a delivery", "Request delivery"),
    *("Rechnung erstellen", "Paket senden", "Créer une facture", "Envoyer un colis", "Nuevo cliente", "Enviar paquete"),
    *("Nuova fattura", "Nieuwe factuur", "Wyślij paczkę", "Yeni fatura", "荷物を送る", "새 주문", "修改资料"),
]  # fmt: skip


@pytest.mark.parametrize("heading", DOINGS)
def test_a_thing_that_support_may_be_asked_about_explains_nothing_beside_a_verb(heading: str) -> None:
    assert not sent(heading)


def test_a_reply_to_an_own_request_needs_no_word() -> None:
    assert sent("The lamp flickers", address="https://desk.test/tickets/42", to="/tickets/42/reply")
    assert not sent("The lamp flickers", address="https://desk.test/lamps/42", to="/lamps/42/reply")


PLACES = ["Upload a document", "Add files", "Attachments", "Datei hochladen", "Joindre un fichier", "Adjuntar archivo"]
PLACES += [
    "Carica file",
    "Bestand uploaden",
    "Dodaj załącznik",
    "Dosya yükle",
    "ファイルをアップロード",
    "파일 업로드",
    "上传文件",
]


@pytest.mark.parametrize("heading", [*PLACES, "", "Send us your documents", "Attach a photo of the damaged item"])
def test_a_file_is_handed_in_where_files_for_support_are_taken(heading: str) -> None:
    assert sent(heading, button="Upload", role=Role.UPLOAD)


OTHER_FILES = [
    "SEPA file",
    "Payroll",
    "Bulk transfer list",
    "Install a plugin",
    "Fax",
    "Theme",
    "Firmware",
    "Talent show video",
]
OTHER_FILES += [
    "Gehaltsliste",
    "Fichier de paie",
    "Lista de precios",
    "Listino prezzi",
    "給与データ",
    "급여 대장",
    "工资单",
]


@pytest.mark.parametrize("heading", OTHER_FILES)
def test_a_file_for_anything_else_stays_here(heading: str) -> None:
    assert not sent(heading, button="Upload", role=Role.UPLOAD)


@pytest.mark.parametrize(
    "heading", ["Emergency support", "Notfall melden", "Problem: send an ambulance", "緊急のお問い合わせ"]
)
@pytest.mark.parametrize("role", [Role.TICKET, Role.CHAT])
def test_what_calls_somebody_out_needs_a_permission_however_much_it_speaks_of_support(heading: str, role: Role) -> None:
    assert not sent(heading, role=role) and sent(heading, role=role, allow=frozenset({"send"}))


@pytest.mark.parametrize("heading", ["Support technique", "Besoin d’aide ?", "Colis non reçu", ""])
def test_the_french_word_for_sending_any_form_decides_nothing_by_itself(heading: str) -> None:
    assert sent(heading, button="Valider") and not sent(heading, button="Valider la commande")


def test_dropping_a_line_deletes_nothing() -> None:
    assert sent("Drop us a line") and sent("Leave or drop us a message")
    assert not sent("Drop table") and not sent("Contact us", button="Drop it")


@pytest.mark.parametrize(
    "inner", ["Privacy", "Captcha", "Opening hours", "* Required fields", "Preferred contact method"]
)
def test_a_heading_that_names_no_matter_is_explained_by_the_one_above_it(inner: str) -> None:
    assert sent("Contact us", inner) and not sent("Mortgage", inner)
    assert not sent("Contact us", "Mortgage request")
