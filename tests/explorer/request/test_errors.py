"""What is wrong is a sentence, and names the place where it was written."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from explorer.request.errors import FIELDS, RequestError, as_request_error
from explorer.request.option import request_fields
from explorer.request.request import RunRequest


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        (
            {"allow": ["murder"]},
            "allow",
            "There is no «murder». Known: payment, send, publish, change, end, delete, hostile, call, mail.",
        ),
        ({"evidence": "sound"}, "evidence", "There is no «sound». Known: har, trace, film, none."),
        ({"time": "soon"}, "time", "«soon» is not a time. Write 90s, 5m or 1h."),
        ({"steps": 0}, "steps", "Input should be greater than or equal to 1."),
        ({"resolve": ["x"]}, "resolve", "«x» is not HOST:PORT:ADDRESS, for example chat.example:443:127.0.0.1."),
        ({"fail_on": "rain"}, "fail_on", "«rain»"),
    ],
)
def test_the_first_problem_is_told_with_its_field(given: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        RunRequest.model_validate(given)
    error = as_request_error(caught.value)
    assert error.field == field and said in str(error)


@pytest.mark.parametrize(
    ("field", "flag"),
    [("personas", "--persona"), ("audit", "--audit"), ("target", "TARGET"), ("app", "app"), ("colour", "colour")],
)
def test_a_field_is_named_as_the_command_line_has_it(field: str, flag: str) -> None:
    assert RequestError(field, "Wrong.").flag == flag


def test_a_declaration_tells_what_kind_of_value_it_is() -> None:
    assert list(FIELDS.values()) == list(request_fields(RunRequest))
    steps, allow, proxy = FIELDS["steps"], FIELDS["allow"], FIELDS["proxy"]
    assert (steps.kind, steps.least, steps.most, steps.several) == (int, 1, 10_000, False)
    assert (allow.several, allow.choices[0], allow.key) == (True, "payment", "allow")
    assert (proxy.kind, proxy.flag, proxy.key) == (bool, "--proxy", "proxy")
    assert (FIELDS["devices_file"].key, FIELDS["allow_origins"].key, FIELDS["app"].key) == (
        "devices",
        "allow_origin",
        "",
    )
