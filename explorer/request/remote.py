"""The request as it goes to a server: what a client may ask for, and how it is read there and kept until the run."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from explorer.request.errors import FIELDS, RequestError, as_request_error
from explorer.request.request import RunRequest

TAKEN = frozenset(name for name, field in FIELDS.items() if field.option.at_server == "takes")
"""Fields that a server takes from a client. All others are its owner's business."""
NOT_KEPT = {"login"}


def payload(request: RunRequest) -> dict[str, Any]:
    """What a client sends. It holds the login: it goes into the body of one request, and nowhere else."""
    days = request.expiring_days if request.expiring_days is not None else request.failing.days
    request = request.model_copy(update={"expiring_days": days})
    body = request.model_dump(mode="json", exclude_defaults=True, include=set(TAKEN))
    if request.login is not None:
        user, password = request.login.reveal()
        body["login"] = {"user": user, "password": password}
    return body


def parse_client(body: bytes) -> RunRequest:
    """What a client asks for. Raises RequestError for what is no request, and for a field that is not a client's."""
    try:
        request = RunRequest.model_validate_json(body)
    except ValidationError as error:
        raise as_request_error(error) from error
    for name in sorted(request.model_fields_set - TAKEN):
        raise RequestError(name, "This is not for a client to say: the server's owner gives it to «trustwalk serve».")
    return request


def stored(request: RunRequest) -> str:
    """The request as the server writes it down: without the login, of which only is said that there was one."""
    noted = request.model_copy(update={"with_login": request.with_login or request.login is not None})
    return noted.model_dump_json(indent=1, include=set(TAKEN) - NOT_KEPT | {"with_login"}) + "\n"


def read_stored(text: str) -> RunRequest:
    """What `stored` wrote, by this or an earlier version. Raises pydantic's ValidationError."""
    return RunRequest.model_validate_json(text)


def request_schema(template: str) -> dict[str, Any]:
    """The JSON Schema of what a client may send; `template` is where models are referred to."""
    made = RunRequest.model_json_schema(ref_template=template)
    properties = {name: property_ for name, property_ in made["properties"].items() if name in TAKEN}
    for name, property_ in properties.items():
        property_["description"] = FIELDS[name].option.about
    return {**made, "properties": properties}
