"""Goals in words: countries have their names, each outcome its own form."""

import io
import re

import pytest
from rich.console import Console

import entrepot
from entrepot.economy.economy import Economy
from entrepot.equilibrium.derivatives.outcome import parse_outcome
from entrepot.report.answers import seek
from entrepot.report.kit.headings import heading
from entrepot.report.kit.wording import outcome_in_words
from entrepot.study.goals.seek import GoalResult


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
        ("cut", -0.2, "cut is −20 %"),
        ("iceberg:IND:RUS", 0.0, "the cost other than duties of trade from India to Russia does not"
         " change"),
    ],
)  # fmt: skip
def test_what_moves_is_said_with_its_size_and_unit(world: Economy, name: str, value: float, words: str) -> None:
    assert seek._move(name, {"value": value}, world) == words


@pytest.fixture(scope="module")
def reached(world: Economy) -> GoalResult:
    given = entrepot.load_scenario("india-russia-balance")
    return entrepot.seek(
        world,
        {"cut": (None, None), "transfer:RUS:IND": (None, None)},
        ["balance:IND:RUS:goods=-20bn", "real_income:IND=+0.1%"],
        given=given,
    )


@pytest.mark.slow
def test_tables_of_a_goal_have_words_in_their_headings_and_rows(reached: GoalResult) -> None:
    sheets = seek.sheets(reached)
    columns = [heading(str(name)) for sheet in sheets.values() for name in sheet.columns]
    assert columns[:6] == ["What moves", "Change", "Least allowed", "Most allowed", "End reached", "All trade costs"]
    assert list(sheets["What moves"]["what_moves"]) == [
        "Change in non-tariff cost as a share of the delivered price",
        "Payment of Russia to India",
    ]
    cells = [str(cell) for sheet in sheets.values() for cell in (*sheet.columns, *sheet.to_numpy().ravel())]
    assert not [cell for cell in cells if re.search(r"\w:\w", cell)], "no bare identifiers"


@pytest.mark.slow
def test_the_terminal_shows_a_goal_without_identifiers_and_cuts_no_number(reached: GoalResult) -> None:
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(seek.render(reached))
    text = console.export_text()
    words = " ".join(text.split())
    assert not re.search(r"\w:[A-Z]", text)
    assert "non-tariff cost as a share of the delivered price is" in words
    assert "Payment of Russia to India" in words
    assert words.count("−20.00") >= 3, "headline, what was wanted, what was found"
    assert "+0.100" in text
    assert max(map(len, text.splitlines())) <= 80
