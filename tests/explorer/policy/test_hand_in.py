"""A verb in the address of a form says nothing of itself; the thing beside it does."""

from __future__ import annotations

import pytest

from explorer.policy.hand_in import only_hands_in
from flows.journey import Role
from flows.screen import Element
from tests.explorer.policy.test_public_chats import said
from tests.explorer.policy.test_support_headings import sent

HAND_IN = [
    *("/contact", "/contact/submit", "/submit", "/tickets/create", "/contact/process", "/contact/save", "/requests/store"),
    *("/api/contact", "/api/v1/tickets", "/graphql", "/cgi-bin/formmail.pl", "/wp-admin/admin-ajax.php?action=contact_form"),
    *("/feedback/add", "/en/contact?token=abc", "/contact/confirm", "/inquiry/confirm", "/contact-us/post", "/forms/submit/42"),
    *("/kundendienst/process", "/api/v2/support/cases/create", "/message/post", "/de/kontakt/execute"),
]  # fmt: skip


@pytest.mark.parametrize("to", HAND_IN)
@pytest.mark.parametrize(
    ("heading", "button"), [("Contact us", "Send"), ("Kontakt", "Absenden"), ("お問い合わせ", "確認")]
)
def test_a_request_is_sent_to_any_address_that_only_hands_it_in(to: str, heading: str, button: str) -> None:
    assert sent(heading, button=button, to=to)


ELSE = [
    *("/profile/update", "/products/create", "/users/add", "/orders/confirm", "/pages/publish", "/api/v1/settings/save"),
    *("/admin-ajax.php?action=update_price", "/contact/delete", "/tickets/42/close", "/blog/post", "/api/payments"),
]  # fmt: skip


@pytest.mark.parametrize("to", ELSE)
def test_an_address_that_names_another_thing_or_a_grave_act_is_believed(to: str) -> None:
    assert not sent("Contact us", to=to), to


def test_an_address_without_a_thing_needs_a_word_of_support_around_it() -> None:
    assert sent("Contact us", to="/submit") and sent("", to="/submit", title="Contact us")
    assert sent("", to="/submit", address="https://desk.test/contact") and not sent("", to="/submit")


def test_a_button_that_names_an_act_itself_is_not_excused_by_its_address() -> None:
    assert not sent("Contact us", button="Publish", to="/contact/publish")
    assert not sent("Contact us", button="Update price list", to="/contact/submit")


@pytest.mark.parametrize(
    "to", ["/api/messages", "/support/chat/post", "/chat", "/api/v1/conversations/8", "/chat/send"]
)
def test_a_chat_sends_its_line_to_such_an_address_too(to: str) -> None:
    assert said("Type a message", "Send", "Live chat", sends=f"post {to}")


def test_a_file_is_handed_in_at_such_an_address() -> None:
    assert sent("Attachments", button="Upload", role=Role.UPLOAD, to="/api/upload")


def test_an_address_that_cannot_be_read_names_nothing() -> None:
    def door(_: Element) -> bool:
        return True

    assert not only_hands_in("", door) and not only_hands_in("https://[broken/?a", door)
