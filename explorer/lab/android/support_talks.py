"""The chat with the support desk, and the desk's contact form."""

from __future__ import annotations

import json

from explorer.lab.android.support_pages import Desk, Pages, button, label, spinner, title
from explorer.lab.android.widgets import Widget


class Talks:
    """The chat screen and the contact screen. `messages` are pairs of sender and text, oldest first."""

    def __init__(self, pages: Pages, desk: Desk) -> None:
        self._pages, self._desk = pages, desk
        self.messages: list[tuple[str, str]] = []

    def chat(self) -> list[Widget]:
        state = self._pages.state.get("chat")
        if state == "connecting":
            return [title("Conversation"), spinner(), label("Connecting…")]
        if state == "failed":
            return [title("Conversation"), label("Cannot connect to our agents.", "error")]
        rows = [Widget("TextView", text, "message_text", height=120) for _, text in self.messages[-6:]]
        log = Widget(
            "androidx.recyclerview.widget.RecyclerView",
            rid="message_list",
            children=rows,
            height=max(200, 120 * len(rows)),
        )
        return [
            title("Conversation"),
            log,
            self._pages.field("message", "Your message"),
            button("Send", "send", self._say),
        ]

    def contact(self) -> list[Widget]:
        state = self._pages.state.get("contact", "")
        if state.startswith("T-"):
            return [title("Write to us"), label(f"Thank you! Your request {state} has been received.", "thanks")]
        content = [
            title("Write to us"),
            self._pages.field("name", "Your name"),
            self._pages.field("email", "E-mail address"),
            self._pages.field("subject", "Subject"),
            self._pages.field("body", "How can we help?", tall=True),
        ]
        if state == "busy":
            return [*content, spinner()]
        content.append(button("Send request", "contact_submit", lambda: self._desk.run(self._send_request())))
        if state:
            content.append(label(state, "error"))
        return content

    def hear(self, message: str) -> None:
        """Add a message from the agent, given as JSON."""
        data = json.loads(message)
        self.messages.append((str(data.get("from")), str(data.get("text"))))

    def _say(self) -> None:
        self._desk.say(self._pages.values.pop("message", "").strip())

    async def _send_request(self) -> None:
        self._pages.state["contact"] = "busy"
        values = self._pages.values
        body = {
            "name": values.get("name", ""),
            "email": values.get("email", ""),
            "subject": values.get("subject", ""),
            "category": "app",
            "message": values.get("body", ""),
        }
        answer = await self._desk.request("tickets", "/v1/tickets", method="POST", body=body)
        if answer is not None and answer.ok:
            self._pages.state["contact"] = str((answer.json() or {}).get("number", ""))
        elif answer is not None and answer.status == 422:
            self._pages.state["contact"] = "Please fill in all fields."
        else:
            self._pages.state["contact"] = "Failed to send your request."
