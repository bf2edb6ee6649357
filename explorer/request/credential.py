"""Credentials, which must never be written to disk.

Only `reveal` gives the text. Everything else gives a mask or an error.
"""

from __future__ import annotations

import hmac
from typing import Any, NoReturn, Self

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

MASK = "**********"
IN_ENVIRONMENT = ("TRUSTWALK_LOGIN", "TRUSTWALK_TOKEN")
"""Environment variables that hold secrets. They must not be passed to any program that we start."""
OF_TARGETS = "TRUSTWALK_LOGIN_"
"""How the names of variables begin that hold the logins of several targets."""
LONGEST = 2_000
"""The longest credential, in characters."""


class Credential:
    """A password, or an address that holds a token. It prints, formats and dumps as a mask, and cannot be pickled.

    Call `reveal` only to send the text where it belongs (a worker, the server, the app under test) or to recognise it.
    """

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        """The text itself. The caller is responsible for where it goes."""
        return self.__text

    def __repr__(self) -> str:
        return f"Credential({MASK!r})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __bool__(self) -> bool:
        return bool(self.__text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Credential) and hmac.compare_digest(self.__text.encode(), other.__text.encode())

    def __hash__(self) -> int:
        return hash((Credential, self.__text))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A credential is never written to disk, so it cannot be pickled.")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.no_info_after_validator_function(cls, core_schema.str_schema(max_length=LONGEST))
        masked = core_schema.plain_serializer_function_ser_schema(
            lambda _: MASK, return_schema=core_schema.str_schema()
        )
        return core_schema.union_schema(
            [core_schema.is_instance_schema(cls), text],
            serialization=masked,
            custom_error_type="credential",
            custom_error_message=f"a credential is a text of at most {LONGEST} characters",
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "format": "password", "writeOnly": True, "maxLength": LONGEST}


class Login(BaseModel):
    """Credentials for the target: kept in memory, passed to the run through a pipe, never written to disk."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    user: str = Field(min_length=1, max_length=200)
    password: Credential

    @classmethod
    def of(cls, user: str, password: str) -> Login:
        return cls(user=user, password=Credential(password))

    def reveal(self) -> tuple[str, str]:
        """User and password as texts. The caller is responsible for where they go."""
        return self.user, self.password.reveal()

    @model_validator(mode="before")
    @classmethod
    def _pair(cls, value: Any) -> Any:
        """Also accept a login that is given as a pair of user name and password."""
        if isinstance(value, (tuple, list)) and len(value) == 2:
            return {"user": value[0], "password": value[1]}
        return value
