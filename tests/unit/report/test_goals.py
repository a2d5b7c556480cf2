"""Goals in words: countries have their names, each outcome its own form."""

import pytest

from entrepot.economy.economy import Economy
from entrepot.equilibrium.derivatives.outcome import parse_outcome
from entrepot.report.answers import seek
from entrepot.report.kit.wording import outcome_in_words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("balance:IND:RUS:goods", "the balance of trade of India with Russia (goods)"),
        ("balance:IND", "the balance of trade of India (goods and services)"),
        ("two_way:IND:RUS", "two-way trade of India and Russia (goods and services)"),
        ("trade:IND:USA:textiles", "sales of India to the United States (textiles, apparel and leather)"),
        ("exports:IND:C21", "exports of India (pharmaceuticals)"),
        ("real_income:IND", "real income of India"),
    ],
)
def test_an_outcome_is_said_with_the_names_of_countries(world: Economy, name: str, words: str) -> None:
    assert outcome_in_words(parse_outcome(name, world), world) == words


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("iceberg:IND:RUS:pharma,textiles", -0.449, "the cost other than duties of trade from India to Russia"
         " in pharmaceuticals and textiles, apparel and leather falls by 44.9 %"),
        ("tariff:USA:IND", 0.05, "the duty on trade from the United States to India rises by 5 points"),
        ("productivity:IND:C21", 0.1, "productivity of India in pharmaceuticals rises by 10 %"),
        ("transfer:RUS:IND", 3.0, "Russia pays India 3 billion a year"),
        ("cut", -0.2, "cut is -20 %"),
        ("iceberg:IND:RUS", 0.0, "the cost other than duties of trade from India to Russia does not"
         " change"),
    ],
)  # fmt: skip
def test_what_moves_is_said_with_its_size_and_unit(world: Economy, name: str, value: float, words: str) -> None:
    assert seek._move(name, {"value": value}, world) == words
