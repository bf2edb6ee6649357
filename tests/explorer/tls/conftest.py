"""One authority and one trust store for all tests of a worker: minting and reading 140 roots each time would cost seconds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from explorer.tls.faults.front import serve
from explorer.tls.faults.known import ALL_FAULTS
from explorer.tls.faults.mint import Authority
from explorer.tls.faults.recipe import Fault
from explorer.tls.probe import probe
from explorer.tls.trust import TrustStore
from flows.diagnosis import Evidence

HOST = "chat.desk.test"


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority.create()


@pytest.fixture(scope="session")
def root_file(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("roots") / "root.pem"
    path.write_bytes(authority.root_pem)
    return path


@pytest.fixture(scope="session")
def trust(root_file: Path) -> TrustStore:
    return TrustStore.load([root_file])


Look = Callable[..., Awaitable[Evidence]]


@pytest.fixture
def look(authority: Authority, trust: TrustStore) -> Look:
    """Serve a fault and probe it; the client's own faults shift its clock."""

    async def one(fault: Fault | str | None, **options: Any) -> Evidence:
        chosen = ALL_FAULTS[fault] if isinstance(fault, str) else fault
        client = chosen is not None and chosen.side == "client"
        options.setdefault("now", datetime.now(tz=UTC) + (chosen.skew if chosen else timedelta()))
        # Generous where an answer comes, as the machine may be busy; short where none ever does.
        options.setdefault("private", True)  # the lab publishes its issuers and lists on loopback
        options.setdefault("timeout", 1.0 if chosen and chosen.chromium == "hangs" else 8.0)
        async with await serve(authority, [HOST], None, None if client else chosen) as front:
            return await probe(HOST, front.port, address=front.address, **{"trust": trust, **options})

    return one


@pytest.fixture
def unreached() -> Evidence:
    return Evidence(HOST, 443, None, HOST, datetime.now(tz=UTC))
