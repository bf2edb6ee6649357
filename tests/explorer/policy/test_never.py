"""What a user forbade is not sent, by whatever way a form tells its address."""

from __future__ import annotations

import pytest

from explorer.policy.permission import Permission
from explorer.surfaces.scripted import screen_of
from flows.journey import Role, load_catalogue
from flows.recognise.forms import forms

CATALOGUE = load_catalogue()


def sent(
    sends: str = "post /contact",
    page: str = "/contact",
    *,
    group: str = "form:f",
    button: bool = True,
    never: str = "/basket",
) -> bool:
    """Whether a form for a message may be sent on a test system."""
    fields = [{"role": "textbox", "name": "Name"}, {"role": "textbox", "name": "Message", "kind": "textarea"}]
    control = {"role": "button", "name": "Send", "kind": "submit", "sends": sends}
    made = [{**each, "group": group} for each in (*fields, *([control] if button else []))]
    screen = screen_of(made, address=f"https://desk.test{page}")
    return Permission(journeys=CATALOGUE, never_press=(never,)).may_fill(forms(screen)[0], screen, Role.TICKET)


@pytest.mark.parametrize(
    "sends",
    [
        "post /basket",
        "post /Basket/add",
        "get /basket",
        "post #/basket",
        "post #!/basket",
        "post #basket",
        "post /x#!basket",
    ],
)
def test_a_form_is_not_sent_to_a_forbidden_place(sends: str) -> None:
    assert not sent(sends) and sent(sends, never="/checkout")


@pytest.mark.parametrize("sends", ["", "script", "post "])
@pytest.mark.parametrize("page", ["/basket", "/#/basket", "/#basket", "/basket/3?x=1"])
def test_a_form_without_an_address_is_sent_to_its_page(sends: str, page: str) -> None:
    assert not sent(sends, page) and sent(sends)


def test_a_form_without_a_button_is_known_by_its_action() -> None:
    assert not sent(button=False, group="form:/basket") and not sent("script", group="form:/basket/add")
    assert sent(button=False, group="form:/contact") and sent(button=False, group="form:basket")
