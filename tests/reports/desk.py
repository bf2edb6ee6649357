"""The support desk that the runs are about: its journeys, its hosts, and what a user sees when one of them fails."""

from __future__ import annotations

from datetime import UTC, datetime

from flows.diagnosis import Cause
from flows.flaw import Flaw, Weight
from flows.incident import Symptom

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC).timestamp()
TITLES = {
    "start-chat": "Start a chat",
    "submit-ticket": "Submit a ticket",
    "knowledge-base": "Read a help article",
    "account-info": "See the account",
    "login": "Log in",
    "payment": "Pay an invoice",
    "upload-attachment": "Attach a file",
    "download-attachment": "Get an attachment",
}
HOSTS = {
    "start-chat": "chat.desk.test",
    "submit-ticket": "tickets.desk.test",
    "knowledge-base": "kb.desk.test",
    "account-info": "api.desk.test",
    "login": "auth.desk.test",
    "payment": "pay.desk.test",
    "upload-attachment": "files.desk.test",
    "download-attachment": "files.desk.test",
}
LABELS = {
    "start-chat": ("Live chat", "Send"),
    "submit-ticket": ("New ticket", "Submit"),
    "knowledge-base": ("Help centre", "Reset my password"),
    "account-info": ("My account", "Profile"),
    "login": ("Sign in", "Log in"),
    "payment": ("Billing", "Pay now"),
    "upload-attachment": ("Attach a file", "Upload"),
    "download-attachment": ("My files", "Download"),
}
SAW = {
    "start-chat": (Symptom.GENERIC_MESSAGE, "Cannot connect to an agent"),
    "submit-ticket": (Symptom.NOTHING_HAPPENED, ""),
    "knowledge-base": (Symptom.BLANK, ""),
    "account-info": (Symptom.ENDLESS_SPINNER, ""),
    "login": (Symptom.GENERIC_MESSAGE, "Something went wrong. Try again later."),
    "payment": (Symptom.BROWSER_WARNING, "Your connection is not private"),
    "upload-attachment": (Symptom.GENERIC_MESSAGE, "Upload failed"),
    "download-attachment": (Symptom.NOTHING_HAPPENED, ""),
}
FOUR = {
    "start-chat": Cause.EXPIRED,
    "submit-ticket": Cause.INCOMPLETE_CHAIN,
    "knowledge-base": Cause.HOSTNAME_MISMATCH,
    "account-info": Cause.SELF_SIGNED,
}


def audited(text: str = "") -> tuple[Flaw, ...]:
    """What an audit finds on a screen; `text` stands in for the app's own words."""
    return (
        Flaw(
            "accessibility/color-contrast",
            Weight.SERIOUS,
            "Elements must meet minimum color contrast ratio thresholds",
            text or "p.legal",
            "2.32:1, wanted 4.5:1",
            "home",
        ),
        Flaw(
            "accessibility/label", Weight.CRITICAL, "Form elements must have labels", text or "#newsletter", "", "home"
        ),
        Flaw(
            "cookie-for-scripts",
            Weight.MODERATE,
            "It is not marked HttpOnly",
            text or "cookie «visit_session»",
            "",
            "home",
            everywhere=True,
        ),
        Flaw(
            "form-no-autocomplete", Weight.MINOR, "«autocomplete» is missing", text or "textbox «Password»", "", "home"
        ),
    )
