"""The upload of a screenshot and the download of documents."""

from __future__ import annotations

from urllib.parse import unquote

from explorer.lab.android.support_pages import Desk, Pages, Tap, button, label, spinner, title
from explorer.lab.android.widgets import Widget


class Files:
    """The file screens. An upload shows its result; a download that fails shows nothing."""

    def __init__(self, pages: Pages, desk: Desk) -> None:
        self._pages, self._desk = pages, desk
        self._listing: list[tuple[str, str]] = []
        self._picked: tuple[str, bytes] | None = None

    def upload(self) -> list[Widget]:
        content = [
            title("Send a screenshot"),
            button("Choose a file", "choose_file", lambda: self._desk.pick(self._chosen)),
        ]
        if self._picked is not None:
            content += [
                label(self._picked[0], "chosen"),
                button("Upload", "upload", lambda: self._desk.run(self._send_file())),
            ]
        if self._pages.state.get("upload") == "busy":
            content.append(spinner())
        elif self._pages.state.get("upload"):
            content.append(label(self._pages.state["upload"], "result"))
        return content

    def downloads(self) -> list[Widget]:
        if self._pages.state.get("files") == "busy":
            return [title("Downloads"), spinner()]
        rows = [button(f"Download {name}", "download_file", self._file_tap(path, name)) for path, name in self._listing]
        return [title("Downloads"), *(rows or [label("No documents.")])]

    def _chosen(self, name: str, content: bytes) -> None:
        self._picked, self._pages.state["upload"] = (name, content), ""

    async def _send_file(self) -> None:
        if self._picked is None:
            return
        (name, content), self._pages.state["upload"] = self._picked, "busy"
        answer = await self._desk.send_file("files", "/upload", name, content)
        if answer is not None and answer.ok:
            self._picked, self._pages.state["upload"] = None, f"Thank you, {name} has been received."
        else:
            self._pages.state["upload"] = "An error occurred."

    def _file_tap(self, path: str, name: str) -> Tap:
        return lambda: self._desk.run(self._fetch(path, name))

    async def load_files(self) -> None:
        """Load the list of documents from the portal. The documents themselves are on the files host."""
        self._pages.state["files"] = "busy"
        self._listing = await self._desk.documents()
        self._pages.state["files"] = ""

    async def _fetch(self, path: str, name: str) -> None:
        """Download a file. If that fails, no file is saved and no error is shown."""
        answer = await self._desk.request("files", path)
        if answer is not None and answer.ok:
            self._desk.save(unquote(name), answer.body)
