"""A form belongs to a request of one's own by its address, and to nothing else that has a number in it."""

from __future__ import annotations

import pytest

from explorer.policy.own_acts import OwnActs
from explorer.policy.own_request import is_own_request
from explorer.surfaces.scripted import screen_of
from flows.journey import Role, load_catalogue

OWN = OwnActs(load_catalogue(), public=True, strict=True)


def owned(page: str, to: str = "", title: str = "") -> bool:
    screen = screen_of([{"role": "button", "name": "Send", "sends": f"post {to}"}], address=page, title=title)
    return is_own_request(screen.elements[0], screen, lambda door: OWN.is_door(door, Role.TICKET))


@pytest.mark.parametrize(
    "page",
    [
        *("/tickets/42", "/tickets/42/reply", "/support/cases/9", "/requests/17/messages", "/api/v2/tickets/5/files"),
        *("/app/#/tickets/7", "/support/tickets/2024"),
    ],
)
def test_a_page_of_one_request_is_one_s_own(page: str) -> None:
    assert owned(f"https://desk.test{page}") and owned("https://desk.test/x", page)


@pytest.mark.parametrize(
    "page",
    [
        *(
            "/tickets/2024/close-account",
            "/support/v2/cancel",
            "/tickets/42/close",
            "/contact/2025/raffle",
            "/lamps/42",
        ),
        *("/help/3/loan", "/messages/7", "/questions/118", "/tickets", "/support/v2", "/forum/tickets/42"),
    ],
)
def test_a_number_elsewhere_makes_no_request(page: str) -> None:
    assert not owned(f"https://desk.test{page}") and not owned("https://desk.test/x", f"/x{page}")


def test_a_number_that_the_title_calls_a_request_makes_its_address_one() -> None:
    assert owned("https://desk.test/chamados/5120", title="Chamado 5120 – Acme")
    assert owned("https://desk.test/p/118", title="Caso 118 – Soporte") and not owned("https://desk.test/p/118")
    assert not owned("https://desk.test/p/118", title="Question 118 – Acme"), "everybody reads the answers"
    assert not owned("https://desk.test/p/7", title="Caso 118 – Soporte")


@pytest.mark.parametrize("before", ["friends", "partner", "connections", "follow", "trade"])
def test_a_request_to_somebody_else_is_none_for_support(before: str) -> None:
    assert not owned(f"https://desk.test/{before}/requests/17") and not owned(
        f"https://desk.test/{before}/messages/17/reply"
    )
    assert owned("https://desk.test/hc/en-us/requests/17") and owned("https://desk.test/support/cases/9/reply")
