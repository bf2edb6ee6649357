"""Amounts of money, however they are written."""

from __future__ import annotations

import pytest

from flows.recognise.amounts import names_a_price
from flows.recognise.choices import graves

PRICES = [
    *("￥500", "￡5", "￦5,000", "EUR1.99", "1.99EUR", "USD1", "RMB 5", "5.–€", "Fr. 5.–", "50,- kr", "zł 5", "kr 50", "Rs. 50"),
    *("99 ct/Min.", "99ct", "20 Cent pro Anruf", "50p per minute", "50 pence", "45 cent per minuut", "5 centimes"),
    *("30 céntimos", "5 centavos", "5 kuruş", "20 groszy", "5 Franken", "5 dólares", "5 dolarów", "5 dolar", "5 ドル"),
    *("5 美元", "5 유로", "1万円", "5만원", "5만 원", "5千円", "五百元", "99块", "25毛", "2 credits", "10 coins", "3 Credits", "5 crédits"),
]  # fmt: skip
NONE = [
    *("Mo.–Fr. 8–17 Uhr", "Mo-Do 9-17, Fr 9-15 Uhr", "Fr. 8.30 – 17 Uhr", "720p", "Page 5 p", "3 원칙", "3 엔진", "一元化", "3 元素"),
    *("2 クレジットカード", "90 g", "Step 2 of 5", "24/7", "5 minutes per call", "100 percent", "Room 12p", "5 points"),
]  # fmt: skip


@pytest.mark.parametrize("text", PRICES)
def test_an_amount_is_known(text: str) -> None:
    assert names_a_price(text) and names_a_price(f"Live chat ({text})")


@pytest.mark.parametrize("text", NONE)
def test_another_number_is_no_amount(text: str) -> None:
    assert not names_a_price(text)


@pytest.mark.parametrize("text", ["Add Premium Care for ￥980", "Express handling (+99 ct)", "Priority: 2 credits"])
def test_an_option_with_an_amount_costs(text: str) -> None:
    assert graves(text) == {"payment"}
