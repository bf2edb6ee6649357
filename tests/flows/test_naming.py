"""Which hosts a screen names, and which of them no session asked."""

from __future__ import annotations

from dataclasses import replace

from flows.naming import Naming, unasked
from flows.screen import Element, Frame, Screen
from flows.step import NamedHost
from tests.flows.builders import opening, request, session

HOME = "https://tienda.example/inicio?token=s3cret#oben"


def named(*elements: Element, frames: tuple[Frame, ...] = ()) -> tuple[NamedHost, ...]:
    naming = Naming()
    naming.notice(Screen(HOME, "Inicio", elements, frames=frames))
    return naming.hosts


def link(name: str, href: str = "", sends: str = "") -> Element:
    return Element("0:1", name, "link" if href else "button", name, href=href, sends=sends)


def test_links_buttons_and_frames_name_hosts_each_once_with_its_door() -> None:
    found = named(
        link("Manual", "https://archivos.example/manual.pdf"),
        link("Otro manual", "https://archivos.example/otro.pdf"),
        link("Pagar", sends="post https://pago.example:8443/tarjeta"),
        frames=(Frame("f1", "wss://chat.example/"), Frame("", HOME)),
    )
    assert [(h.host, h.port, h.door) for h in found] == [
        ("archivos.example", 443, "Manual"),
        ("pago.example", 8443, "Pagar"),
        ("chat.example", 443, ""),
    ]


def test_the_place_is_told_without_what_an_address_may_keep_secret() -> None:
    (one,) = named(link("Manual", "https://archivos.example/manual.pdf"))
    assert one.screen == "https://tienda.example/inicio"


def test_what_is_not_asked_over_tls_or_is_no_address_names_nothing() -> None:
    odd = (
        "http://plain.example/",
        "mailto:ana@correo.example",
        "javascript:void(0)",
        "https://[::1/",
        "https://x:99999/",
    )
    assert named(*(link(f"n{n}", address) for n, address in enumerate(odd))) == ()


def test_a_button_that_sends_to_its_own_page_names_its_own_host() -> None:
    (own,) = named(link("Guardar", sends="post /guardar"))
    assert own.host == "tienda.example"


def test_a_directory_of_links_is_not_remembered_without_end() -> None:
    assert len(named(*(link(f"n{n}", f"https://n{n}.example/") for n in range(1_000)))) == 200


def test_only_what_no_session_asked_is_left_with_the_first_door() -> None:
    doors = (NamedHost("archivos.example", 443, "Manual"), NamedHost("pago.example", 443, "Pagar"))
    one = replace(session([opening()], request("r", 1, "archivos.example")), named=doors)
    other = replace(session([opening()]), named=(NamedHost("pago.example", 443, "Comprar"),))
    assert unasked([one, other]) == {("pago.example", 443): doors[1]}


def test_a_form_to_an_address_that_nobody_can_read_names_no_host() -> None:
    naming = Naming()
    broken = Element("", "", "button", "Send", kind="submit", sends="post https://[% host %]/x")
    naming.notice(Screen(address="https://desk.test/", title="", elements=(broken,)))
    assert naming.hosts == ()
