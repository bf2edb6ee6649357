"""Loads the words of each language from `words/<tag>.yml`, and the words for all languages from `words/any.yml`.

A language is supported if it has a file. All words are regular expressions that ignore case. The files are read when
the first word is needed, not on import, so that commands that need no words stay quick.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from importlib import resources
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo

from readers.yaml_text import LOADER

COMMON = "any"
"""The tag of words that belong to every language. It is also the name of their file."""


def _are_expressions(words: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    """Returns the words. If the validation has a context, raises ValueError for an invalid expression.

    Without a context there is no check, because compiling thousands of expressions takes longer than reading them.
    """
    for word in words if info.context else ():
        try:
            re.compile(word)
        except re.error as error:
            raise ValueError(f"«{word}» is not a regular expression: {error}") from error
    return words


Expressions = Annotated[tuple[str, ...], AfterValidator(_are_expressions)]
"""Words of one group, as regular expressions."""

FieldNature = Literal[
    "card-number",
    "card-expiry",
    "card-cvc",
    "card-name",
    "password",
    "email",
    "phone",
    "url",
    "username",
    "first-name",
    "last-name",
    "subject",
    "message",
    "order-number",
    "company",
    "street",
    "city",
    "postcode",
    "country",
    "search",
    "amount",
    "date",
    "code",
    "name",
]
"""The kinds of form fields. If two kinds match a label equally well, the one that is first in this list wins."""

Act = Literal["payment", "send", "publish", "change", "end", "delete"]
"""The kinds of acts that a control can perform. `--allow` has the same words.

`payment` costs or moves money. `send` sends something to other people. `publish` publishes, approves or decides
something. `change` changes or adds something. `end` stops, cancels, blocks or leaves something. `delete` deletes
something.
"""


class LanguageError(ValueError):
    """A file of words is invalid. The message tells the user the file and, if known, the key."""


class _Strict(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        alias_generator=lambda name: name.replace("_", "-"),
    )


class General(_Strict):
    """Words that mean the same in every app, for all journeys."""

    error: Expressions = ()
    """Messages that something failed or is not allowed."""
    no_error: Expressions = ()
    """Phrases that speak of errors and report none: «No errors found», «AI can make mistakes»."""
    clear: Expressions = ()
    """Error messages about trust: certificate, secure connection, encryption."""
    thanks: Expressions = ()
    """Messages that the app accepted the input: thanks, sent, created, saved, uploaded."""
    cookies: Expressions = ()
    """The word for cookies, as banners about cookies use it."""
    consent: Expressions = ()
    """Texts of banners about cookies or privacy."""
    agree: Expressions = ()
    """Whole names of buttons that accept or reject what a banner about cookies or privacy asks for."""
    close: Expressions = ()
    """Whole names of buttons that close an overlay."""
    logout: Expressions = ()
    """Controls that log the user out."""
    login: Expressions = ()
    """Controls that log the user in."""
    signup: Expressions = ()
    """Controls that create an account, or help with a forgotten password."""
    submit: Expressions = ()
    """Controls that submit a form."""
    unsubmit: Expressions = ()
    """Controls of a form that do not submit it: cancel, preview, browse."""
    menu: Expressions = ()
    """Controls that open a menu."""
    hub: Expressions = ()
    """Places where users look for help if nothing is called «help»."""
    either: Expressions = ()
    """Words that join two names of one control: «or» in «Log in or register»."""
    loss: Expressions = ()
    """Questions or notices about a cost, a loss or a confirmation: a card is charged, it cannot be undone."""
    language: Expressions = ()
    """Controls that change the language: «language», the language's name and its tag."""
    pay: Expressions = ()
    """Whole names of controls that pay a bill. A payment journey presses one and ends at the form for the card."""
    to_pay: Expressions = ()
    """Whole names of controls that only lead to the checkout."""
    to_send: Expressions = ()
    """Phrases of a question that only asks for confirmation that a request is to be sent.

    Examples are «send», «your message» and «to support»."""
    others: Expressions = ()
    """Recipients other than the app's support, or things to send other than a message: customers, an invitation."""
    charge: Expressions = ()
    """The words of `loss` that are about a cost: charged, a fee, binding."""
    revoke: Expressions = ()
    """Words for taking back a consent: withdraw, revoke, opt out."""
    any_time: Expressions = ()
    """Phrases such as «at any time». They say that something can be done later, and so that it is not done now."""
    currency: Expressions = ()
    """Units of money as they are spelled beside a number, coins and the credits of an app among them: «cents», «円»."""
    authorise: Expressions = ()
    """Words of buttons by which a user lets somebody do something: approve, authorise, allow. Not «OK»."""
    numeral: Expressions = ()
    """Numbers in words: «forty», «zwanzig». Compound ones need not be listed."""
    saved_card: Expressions = ()
    """Phrases that mention a stored card. Where one is shown, «Pay» may charge the card at once."""


class Forms(_Strict):
    """Words that tell what a form is for."""

    chat_box: Expressions = ()
    """The text box of a chat."""
    news: Expressions = ()
    """Words of a form that only subscribes to a newsletter."""
    recipient: Expressions = ()
    """The whole label of a field for the recipient of a message or of money."""
    portrait: Expressions = ()
    """The picture of a person or company, which an upload replaces: «avatar», «profile photo»."""
    agreement: Expressions = ()
    """The label of a check box that must be ticked: terms, policy."""
    renewal: Expressions = ()
    """Labels of fields of a form that changes credentials: «new e-mail», «current password»."""
    everybody: Expressions = ()
    """Phrases that say that other people will get or see the text: «to all 312 members», «visible to everyone»."""
    deal: Expressions = ()
    """Whole headings and button names of forms that order, reserve, offer, apply for or end something.

    Examples are «order form» and «cancellation request»."""
    people: Expressions = ()
    """Whole headings and labels of forms that send to people other than the app's support.

    Examples are «contact seller», «friend's e-mail» and «#general»."""
    forum: Expressions = ()
    """Headings and labels of public texts: a review, a comment, a reply, a discussion, a community."""
    addressed: Expressions = ()
    """Phrases before the name of a recipient, such as «message to».

    Also names of texts that by their nature go to everybody, such as «new announcement»."""
    ours: Expressions = ()
    """What the app calls its own staff: us, our team, support."""
    matter: Expressions = ()
    """What a request to support is called: ticket, case, issue, question."""
    copy_to: Expressions = ()
    """The whole label of a field for people who get a copy: «CC», «Share with»."""
    nobody: Expressions = ()
    """Whole names of options that mean that nobody gets a copy: «private», «only me»."""
    rank: Expressions = ()
    """Labels of choices whose options are ranked by how serious they are: priority, severity, urgency."""
    entering: Expressions = ()
    """What may stand beside «log in» in the name of a login's button: «to your account», «now», «with SSO»."""
    greeting: Expressions = ()
    """Whole headings that a login has without saying so: «welcome back», «customer portal»."""
    asking: Expressions = ()
    """Words of which the heading of a request to support may consist: «how can we help you», «send us a message»."""
    linking: Expressions = ()
    """Articles and prepositions that join `things` to a heading without a verb: «our», «for»."""
    things: Expressions = ()
    """People and things that a heading of support may name without saying more: «our customers», «invoice»."""
    altering: Expressions = ()
    """Verbs that may change a request: «update your case». Elsewhere they change what the app knows."""
    nuisance: Expressions = ()
    """What people report to a public office, or to whoever runs a system: a pothole, a noise, a security hole."""
    trouble: Expressions = ()
    """What makes any heading that of a request to support: a question, a complaint, something that does not work."""
    part: Expressions = ()
    """Whole headings of a part of a form, which do not say what it is for: «your details», «step 2»."""
    files: Expressions = ()
    """Further words of headings over files for support: «upload», «attach», «documents»."""
    callout: Expressions = ()
    """What sends people out or raises an alarm: an emergency, an ambulance, a technician who is to come."""
    plainly: Expressions = ()
    """Whole options that ask for nothing in particular: «other», «general question», «no»."""
    interrogative: Expressions = ()
    """What a question begins with, or in some languages contains, that asks for information: «where», «how»."""
    deed: Expressions = ()
    """What one enters into, gives, joins or signs: a loan, a membership, a donation, an event, a vote."""
    severe: Expressions = ()
    """Words of the highest degrees of a choice: critical, urgent, blocker."""
    slight: Expressions = ()
    """Words of the lowest degrees of a choice: low, minor."""
    about: Expressions = ()
    """Phrases that make an act a mere topic: «questions about», «problem with»."""


class Typed(_Strict):
    """What a persona types in this language. Each text says that it is a test."""

    locale: str
    """Faker's locale, for names and addresses."""
    note: str
    """One sentence for a message: this is a Trustwalk test, please ignore it."""
    subject: str
    """A subject line that asks for help with an order. `{n}` becomes a number."""
    hello: str
    """The first line of a chat, which asks for help with an order."""
    topic: str
    """One word to search for: order."""
    phone: str = ""
    """A telephone number that is assigned to nobody; empty to use that of `Common`."""


class Scene(_Strict):
    """A test case for the recognisers: a screen with elements as `role: name`, and the expected result."""

    elements: tuple[str, ...] = ()
    """Elements that can be acted on, as `role: name`."""
    texts: tuple[str, ...] = ()
    """Texts that can only be read."""
    stage: str = ""
    """The stage that is next in the test case."""
    picks: str = ""
    """The element that must be chosen for the stage, written as in `elements`."""
    after: tuple[str, ...] = ()
    """Texts that are shown after the action."""
    outcome: Literal["", "success", "failure"] = ""
    """The outcome that must be recognised."""


class StageWords(_Strict):
    """Words of one stage, for elements that the words of the journey's entry do not match."""

    find: Expressions = ()
    """Whole names of the elements to press."""
    unless: Expressions = ()
    """Whole names of elements not to press."""


class JourneyWords(_Strict):
    """Words of one journey of the catalogue. The journey's file holds its structure."""

    entry: Expressions = ()
    """Whole names of elements that lead to the journey."""
    unless: Expressions = ()
    """Whole names of elements that do not lead to the journey, although a word of `entry` matches."""
    success: Expressions = ()
    """Texts that report success. They are only needed if no structural sign shows success."""
    failure: Expressions = ()
    """Texts that report a failure, in addition to `general.error`."""
    stages: Mapping[str, StageWords] = Field(default_factory=dict)
    """Stage → its words."""
    examples: tuple[Scene, ...] = ()
    """Test cases for the words of this language."""


class Vocabulary(_Strict):
    """All words of one file."""

    general: General = General()
    """Words that mean the same in every app."""
    fields: Mapping[FieldNature, Expressions] = Field(default_factory=dict)
    """Kind of field → words of its label."""
    acts: Mapping[Act, Expressions] = Field(default_factory=dict)
    """Kind of act → words of controls that do it. Such a control is pressed only if `--allow` names the kind."""
    nouns: Mapping[Act, Expressions] = Field(default_factory=dict)
    """Kind of act → nouns and participles that name it: «account closure».

    They count in headings, labels, options and addresses of forms. They never count in names of links and menus,
    because these only lead to a page about the act."""
    forms: Forms = Forms()
    """Words that tell what a form is for."""
    around_messages: Expressions = ()
    """Whole lines that a chat app adds to messages and that are not replies: «you», «delivered», «is typing»."""
    developers: Mapping[str, Expressions] = Field(default_factory=dict)
    """Words that developers use in identifiers and addresses, in every app. Only the English file has them."""
    innocent: tuple[str, ...] = ()
    """Names of menu items that lead to no journey. Tests check that no words match them. Not regular expressions."""
    journeys: Mapping[str, JourneyWords] = Field(default_factory=dict)
    """Journey of the catalogue → its words."""


class Language(Vocabulary):
    """One language: `words/<tag>.yml`."""

    name: str
    """The English name of the language."""
    spaced: bool = True
    """Whether the language separates words by spaces. If so, a word must not match inside another one."""
    typed: Typed
    """What a persona types."""


class Common(Vocabulary):
    """The common words of all languages: `words/any.yml`."""

    fallback: str
    """The language to write in if the page's language is unknown."""
    unspaced: tuple[str, ...] = ()
    """Tags of further languages that are written without spaces. Only users' own journeys have words in them."""
    phone: str
    """A telephone number that is assigned to nobody."""


_V = TypeVar("_V", bound=Vocabulary)


class Languages:
    """All languages. `group` collects the words of one group from all of them."""

    def __init__(self, common: Common, spoken: Mapping[str, Language]) -> None:
        """Sort the languages: first the fallback, then those with spaces between words, then the others."""
        self.common = common
        order = sorted(spoken, key=lambda tag: (tag != common.fallback, not spoken[tag].spaced, tag))
        self.spoken: Mapping[str, Language] = {tag: spoken[tag] for tag in order}

    @cached_property
    def unspaced(self) -> frozenset[str]:
        """Tags of the languages without spaces between words, and COMMON. Their words may match inside other words."""
        return frozenset({COMMON, *self.common.unspaced, *(t for t, of in self.spoken.items() if not of.spaced)})

    @property
    def files(self) -> Mapping[str, Vocabulary]:
        """Language tag → vocabulary of its file. The first entry, COMMON, holds the words of all languages."""
        return {COMMON: self.common, **self.spoken}

    def group(self, section: str, key: str = "") -> dict[str, Expressions]:
        """One group of words in all languages that have it: `group("general", "error")`, `group("fields", "email")`."""
        found = {}
        for tag, words in self.files.items():
            part = getattr(words, section)
            if key:
                part = part.get(key, ()) if isinstance(part, Mapping) else getattr(part, key.replace("-", "_"))
            if part:
                found[tag] = part
        return found


@lru_cache(maxsize=1)
def languages() -> Languages:
    """All languages that have a file. Raises LanguageError for an invalid one."""
    files = {
        f.name.removesuffix(".yml"): f.read_text(encoding="utf-8")
        for f in resources.files("flows").joinpath("recognise", "words").iterdir()
        if f.name.endswith(".yml")
    }
    common = read(f"{COMMON}.yml", files.pop(COMMON, ""), Common)
    spoken = {tag: read(f"{tag}.yml", text, Language) for tag, text in files.items()}
    if common.fallback not in spoken:
        raise LanguageError(f"{COMMON}.yml: fallback: there is no file {common.fallback}.yml.")
    return Languages(common, spoken)


def read(name: str, text: str, model: type[_V], *, compile_all: bool = False) -> _V:
    """Read one file of words; `compile_all` also validates every expression. Raises LanguageError."""
    try:
        data = yaml.load(text, Loader=LOADER)  # noqa: S506 both loaders are safe ones, and the files our own
        return model.model_validate(data, context=compile_all or None)
    except yaml.YAMLError as error:
        raise LanguageError(f"{name}: cannot be read as YAML ({' '.join(str(error).split())}).") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the whole file"
        raise LanguageError(f"{name}: {key}: {first['msg'][0].lower()}{first['msg'][1:]}.") from error
