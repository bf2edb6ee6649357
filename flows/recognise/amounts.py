"""Finds amounts of money in texts: «1.99 € per minute», «99 ct», «5만원», «2 credits». Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from flows.recognise.languages import languages
from flows.recognise.lexicon import plain

_SIGN = r"[$¢£¤¥\u20a0-\u20cf]"
_CODE = (
    r"(?<![A-Za-z])(?:EUR|USD|GBP|CHF|PLN|TRY|JPY|CNY|RMB|KRW|BRL|SEK|NOK|DKK|CZK|AUD|CAD|NZD|SGD|HKD|TWD|INR|MXN|ARS|CLP"
    r"|COP|PEN|ZAR|THB|IDR|MYR|PHP|VND|ILS|HUF|RON|BGN|ISK|UAH|RUB|AED|SAR|QAR|EGP|NGN|KES)(?![A-Za-z])"
)
_BEFORE = r"(?:(?<!\w)(?:zł|kr\.?|Kr\.?|TL|Rs\.?|R\$))"
"""Abbreviations that also stand before the number. «元» and «원» are endings of other words there."""
_WRITTEN = r"(?:zł|kr\b|TL\b|円|元(?!素|件|年|旦|组|音)|원(?![가-힣])|원(?=[이을의에씩은는]))"
_MANY = r"[十百千万萬億亿십백천만억]*"
"""Multipliers between a number and its unit: «5万円»."""
_HAN = r"[一二三四五六七八九]?[十百千万萬億亿][一二三四五六七八九十百千万萬億亿]*"
"""Amounts in words, with a multiplier: «五百元». A bare digit («一元化») is no amount."""
_FRANCS = r"(?<!\w)Fr\.\s?\d+\.[–-](?!\s?\d)"
"""Francs as the Swiss write them («Fr. 5.–»). «Fr. 8–17 Uhr» is a Friday."""
_NUMBER = r"\d(?:[\d.,']*\d)?"
_CENT_OF_TIME = r"\d ?p(?= ?(?:/|per\b|a (?:minute|call|message)))"
"""Pence in a rate: «50p per minute». «720p» is no price."""


def names_a_price(text: str) -> bool:
    """Whether a text names an amount of money: «Live chat (1.99 € per minute)».

    That is a number with a currency: its sign or ISO 4217 code on either side, with or without a space, in compatibility
    forms too (U+FFE5 «￥»); a unit that a language spells out, after the number («20 Cent», «5 ドル»); credits of the
    app; or an amount in words («forty euros»)."""
    return _price().search(plain(text)) is not None


@lru_cache(maxsize=1)
def _price() -> re.Pattern[str]:
    spelled = "|".join(_units())
    cased = (
        rf"(?:{_SIGN}|{_CODE}|{_BEFORE})\s?\d|{_NUMBER}\s?{_MANY}\s?(?:{_SIGN}|{_CODE}|{_WRITTEN})"
        rf"|{_NUMBER}[.,]?[-–—]\s?(?:{_SIGN}|{_CODE}|{_WRITTEN})|{_HAN}\s?(?:元(?!素|件|年|旦|组|音)|円|块|원)"
        rf"|{_CENT_OF_TIME}|{_FRANCS}"
    )
    worded = "|".join(_in_words())
    return re.compile(rf"{cased}|{_NUMBER}\s?{_MANY}\s?(?i:{spelled})|(?i:{worded})")


def _in_words() -> list[str]:
    """One expression for each language's amounts in words: «a hundred and twenty dollars», «zum Preis von zehn Euro»."""
    known, found = languages(), []
    units = known.group("general", "currency")
    for tag, numbers in known.group("general", "numeral").items():
        number, unit = "|".join(numbers), "|".join(units.get(tag, ()))
        if unit and tag in known.unspaced:
            found.append(rf"(?:{number})\s?(?:{unit}|円|元(?!素|件|年|旦|组|音)|원)")
        elif unit:
            found.append(rf"(?<!\w)(?:{number})(?:[\s-](?:\w{{1,3}}\s)?(?:{number}))*\s(?:{unit}|{_SIGN})(?!\w)")
    return found


def _units() -> list[str]:
    """One expression for each language's units. They may follow a number without a space («99ct»)."""
    known = languages()
    told = known.group("general", "currency").items()
    return [f"(?:{word})" + ("" if tag in known.unspaced else r"(?!\w)") for tag, words in told for word in words]
