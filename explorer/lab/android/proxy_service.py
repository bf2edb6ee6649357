"""The device's global proxy as Android keeps it: a setting that the shell writes, and the service that reads it later.

AOSP, packages/modules/Connectivity, `ProxyTracker`: `loadDeprecatedGlobalHttpProxy` and `setGlobalProxy`.
"""

from __future__ import annotations

from dataclasses import dataclass

Settings = dict[tuple[str, str], str]
ASKED = ("global", "http_proxy")
HOST, PORT = ("global", "global_http_proxy_host"), ("global", "global_http_proxy_port")
EXCLUDED, SCRIPT = ("global", "global_http_proxy_exclusion_list"), ("global", "global_proxy_pac_url")
LATE = 2
"""Commands on settings that pass between a change of `http_proxy` and the service's look at it."""


@dataclass(slots=True)
class ProxyService:
    """Sets the proxy in force from the setting `http_proxy`, but late, and with the value that is there by then.

    An observer posts a message to the service, which then reads the setting anew. If it is empty or gone by then, the
    service does nothing, and the former proxy stays in force, even over a restart. `:0` removes the proxy.
    """

    settings: Settings
    late: int = LATE
    _due: int = 0

    def changed(self) -> None:
        """The setting `http_proxy` was written or deleted."""
        self._due = self._due or self.late

    def tick(self) -> None:
        """One more command on settings begins."""
        if self._due:
            self._due -= 1
            if not self._due:
                self.look()

    def look(self) -> None:
        """Read the setting, and put its proxy in force."""
        name, _, port = self.settings.get(ASKED, "").partition(":")
        if not name and not port:
            return
        if port and not port.isdecimal():
            return
        self.settings[HOST], self.settings[PORT] = name, (port or "8080") if name else "0"
        self.settings[EXCLUDED] = self.settings[SCRIPT] = ""

    @property
    def in_force(self) -> tuple[str, int] | None:
        """Host and port of the proxy that apps use. None if there is none."""
        host, port = self.settings.get(HOST, ""), self.settings.get(PORT, "0")
        return (host, int(port)) if host and port.isdecimal() else None


def as_found(settings: Settings) -> Settings:
    """The settings without the traces that Android itself leaves of a proxy that was removed."""
    return {
        key: value
        for key, value in settings.items()
        if value not in {"", "0"} or key not in {HOST, PORT, EXCLUDED, SCRIPT}
    }
