"""The run request on its way to a server: what a client may send, and how the server reads and stores it."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from explorer.request.errors import FIELDS, RequestError, as_request_error
from explorer.request.request import RunRequest

TAKEN = frozenset(name for name, field in FIELDS.items() if field.option.at_server == "takes")
"""Fields that a server accepts from a client. The server's owner sets all others."""
NOT_KEPT = {"login"}


def payload(request: RunRequest) -> dict[str, Any]:
    """The data that a client sends to a server. It contains the login, so it must be sent only as the body of the
    request that starts the run."""
    days = request.expiring_days if request.expiring_days is not None else request.failing.days
    request = request.model_copy(update={"expiring_days": days})
    body = request.model_dump(mode="json", exclude_defaults=True, include=set(TAKEN))
    if request.login is not None:
        user, password = request.login.reveal()
        body["login"] = {"user": user, "password": password}
    return body


def parse_client(body: bytes) -> RunRequest:
    """Parse a client's request. Raises RequestError for an invalid one, and for a field that a client may not set."""
    try:
        request = RunRequest.model_validate_json(body)
    except ValidationError as error:
        raise as_request_error(error) from error
    for name in sorted(request.model_fields_set - TAKEN):
        raise RequestError(name, "A client cannot set this: the server's owner passes it to «trustwalk serve».")
    return request


def stored(request: RunRequest) -> str:
    """The request as the server stores it: without the login, but with a field that says whether there was one."""
    noted = request.model_copy(update={"with_login": request.with_login or request.login is not None})
    return noted.model_dump_json(indent=1, include=set(TAKEN) - NOT_KEPT | {"with_login"}) + "\n"


def read_stored(text: str) -> RunRequest:
    """Parse a stored request, which this or an earlier version wrote. Raises pydantic's ValidationError."""
    return RunRequest.model_validate_json(text)


def request_schema(template: str) -> dict[str, Any]:
    """The JSON Schema of what a client may send; `template` is pydantic's `ref_template`."""
    made = RunRequest.model_json_schema(ref_template=template)
    properties = {name: property_ for name, property_ in made["properties"].items() if name in TAKEN}
    for name, property_ in properties.items():
        property_["description"] = FIELDS[name].option.about
    return {**made, "properties": properties}
