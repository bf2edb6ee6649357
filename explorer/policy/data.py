"""What a persona types: Faker data in the page's language. Longer texts say that they are a test."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from faker import Faker

from flows.effects import new_token
from flows.recognise.fields import field_kind, is_multiline
from flows.recognise.languages import Typed, languages
from flows.screen import Element
from personas.persona import Persona

_MALFORMED = {
    "email": "not-an-address@",
    "phone": "phone",
    "number": "-1e9",
    "amount": "-0.001",
    "date": "2024-13-45",
    "postcode": "?????",
    "url": "htp:/",
    "order-number": "0",
}
_MALFORMED_TEXT = ("   ", "A" * 300, "\u202etest\u0000", "%s%n{{7*7}}")
_HOSTILE = ("<img src=x onerror=alert(1)>", "' OR '1'='1' --", "../../../etc/passwd", '"><script>alert(1)</script>')
_TEST_CARD = {"card-number": "4242424242424242", "card-expiry": "12/34", "card-cvc": "123"}


@dataclass(slots=True)
class Writer:
    """Makes up what one persona types. The same seed gives the same texts."""

    persona: Persona
    rng: random.Random
    salt: str = ""
    """Makes this session's tokens differ from those of other sessions."""
    _fakers: dict[str, Faker] = field(default_factory=dict)

    def language(self, tag: str) -> str:
        short = tag.lower().split("-")[0].split("_")[0]
        return short if short in languages().spoken else languages().common.fallback

    def _words(self, tag: str) -> Typed:
        return languages().spoken[self.language(tag)].typed

    def _faker(self, language: str) -> Faker:
        if language not in self._fakers:
            faker = Faker(self._words(language).locale, use_weighting=False)
            faker.seed_instance(self.rng.getrandbits(64))
            self._fakers[language] = faker
        return self._fakers[language]

    def token(self, attempt: str) -> str:
        """The token that marks what is sent in one attempt (`flows.effects`)."""
        return new_token(random.Random(f"{self.salt}:{attempt}"))

    def value(self, element: Element, tag: str, token: str = "") -> str:
        """A valid value for a field. Free text contains the token."""
        language = self.language(tag)
        faker, kind = self._faker(language), field_kind(element)
        if kind in _TEST_CARD:
            return _TEST_CARD[kind]
        plain_values: dict[str, Callable[[], str]] = {
            "email": lambda: f"trustwalk.test{self.rng.randrange(100, 1000)}@example.org",
            "username": lambda: f"trustwalk{self.rng.randrange(100, 1000)}",
            "name": faker.name,
            "card-name": faker.name,
            "first-name": faker.first_name,
            "last-name": faker.last_name,
            "phone": lambda: self._words(tag).phone or languages().common.phone,
            "street": faker.street_address,
            "city": faker.city,
            "postcode": faker.postcode,
            "country": faker.country,
            "company": faker.company,
            "url": lambda: "https://www.example.org/",
            "date": lambda: "2030-01-15",
            "time": lambda: "10:30",
            "number": lambda: "1",
            "amount": lambda: "10",
            "order-number": lambda: str(self.rng.randrange(10_000, 99_999)),
            "code": lambda: "000000",
            "search": lambda: self.topic(tag),
            "subject": lambda: self.subject(tag, token),
            "colour": lambda: "#336699",
            "password": lambda: "Trustwalk-test-1",
        }
        if kind in plain_values:
            return plain_values[kind]()
        return self.message(tag, token) if kind == "message" or is_multiline(element) else self.subject(tag, token)

    def subject(self, tag: str, token: str = "") -> str:
        number = self.rng.randrange(1000, 10_000)
        return self._words(tag).subject.format(n=token or number) + self._emoji()

    def topic(self, tag: str) -> str:
        return self._words(tag).topic

    def line(self, tag: str, token: str = "") -> str:
        """One line for a chat."""
        hello = " ".join(filter(None, (self._words(tag).hello, token)))
        if self.persona.text_length == "long":
            hello = f"{hello} {' '.join(self._faker(self.language(tag)).sentences(2))}"
        return hello + self._emoji()

    def message(self, tag: str, token: str = "") -> str:
        """A message that begins with a note that it is a test. The persona's text length decides how long it is."""
        language = self.language(tag)
        sentences = {"short": 0, "usual": 2, "long": 8}[self.persona.text_length]
        words = self._faker(language).sentences(sentences) if sentences else []
        return " ".join(filter(None, (self._words(tag).note, token, *words))) + self._emoji()

    def _emoji(self) -> str:
        return " " + self.rng.choice("😀🙏😅👍") if self.persona.emoji else ""

    def mistyped(self, value: str) -> str:
        """The value with a typo: two neighbouring characters swapped, the last one missing, or one added."""
        if len(value) < 3:
            return value + "x"
        at = self.rng.randrange(len(value) - 1)
        swapped = value[:at] + value[at + 1] + value[at] + value[at + 2 :]
        return swapped if swapped != value else value[:-1]

    def malformed(self, element: Element, *, hostile: bool) -> str:
        """A value that the field should refuse. It is hostile if the run (`hostile`) and the persona both allow it."""
        if hostile and self.persona.hostile:
            return self.rng.choice(_HOSTILE)
        return _MALFORMED.get(field_kind(element)) or self.rng.choice(_MALFORMED_TEXT)
