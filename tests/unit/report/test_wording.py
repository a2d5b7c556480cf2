import datetime
from dataclasses import replace

import pytest

from economies import random_economy
from entrepot.economy.economy import Economy
from entrepot.equilibrium.derivatives.outcome import parse_outcome
from entrepot.report.kit import wording


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0.00"), (-0.2228, "−0.22"), (0.066, "+0.07"), (1234.5, "+1,234.50"), (-0.001, "0.00")],
)
def test_signed_numbers_have_a_minus_that_is_a_minus_and_zero_has_no_sign(value: float, text: str) -> None:
    assert wording.signed(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(-0.2228, "−0.22"), (0.0034, "+0.003"), (0.00001, "0.0000"), (12.0, "+12.00")]
)
def test_small_changes_show_a_digit(value: float, text: str) -> None:
    assert wording.percent(value).replace(wording.NO_BREAK, " ") == f"{text} %"


def test_a_list_of_countries_says_who_is_left_out(world: Economy) -> None:
    assert wording.listed_in_sentence(world, "all,-USA") == "all countries but the United States"
    assert wording.listed_in_sentence(world, "EU27,-DEU, -FRA") == "the EU but Germany and France"
    assert wording.listed_in_sentence(world, "IND, RUS") == "India and Russia"


def test_countries_have_their_article_in_a_sentence(world: Economy) -> None:
    assert wording.name_in_sentence(world, "USA") == "the United States"
    assert wording.name_in_sentence(world, "IND") == "India"
    assert wording.name_in_sentence(world, "ROW") == "the rest of the world"
    assert wording.capital("the EU") == "The EU"


def test_a_list_may_leave_countries_out(world: Economy) -> None:
    assert wording.listed_in_sentence(world, "IND,USA") == "India and the United States"
    assert wording.listed_in_sentence(world, "all,-USA,-IND") == "all countries but the United States and India"


def test_quantities_have_their_thousands_separated() -> None:
    assert wording.amount(1039.46) == "1,039.5"
    assert wording.amount(-0.126, 2) == "-0.13"


def test_days_are_spoken_and_what_is_no_day_stays() -> None:
    said = wording.spoken_days("true on 2025-08-21, false on 2025-02-30").replace(wording.NO_BREAK, " ")
    assert said == "true on 21 August 2025, false on 2025-02-30"


def test_a_day_has_no_leading_zero() -> None:
    assert wording.long_day(datetime.date(2025, 8, 1)) == "1 August 2025"


def test_after_a_colon_articles_are_small_and_names_are_not() -> None:
    assert wording.uncapital("The duties fall") == "the duties fall"
    assert wording.uncapital("India gains") == "India gains"


def test_a_number_keeps_its_per_cent_sign_on_its_line() -> None:
    assert wording.tight("by 44.9 % of it") == f"by 44.9{wording.NO_BREAK}% of it"


@pytest.mark.parametrize(
    ("code", "owner", "adjective"),
    [
        ("USA", "the United States'", "US"),
        ("IND", "India's", "Indian"),
        ("NLD", "the Netherlands'", "Dutch"),
        ("GBR", "the United Kingdom's", "British"),
        ("EU27", "the EU's", "EU"),
        ("ROW", "the rest of the world's", "the rest of the world's"),
        ("CYP", "Cyprus's", "Cypriot"),
        ("RUS", "Russia's", "Russian"),
    ],
)
def test_owners_and_adjectives(world: Economy, code: str, owner: str, adjective: str) -> None:
    assert wording.possessive(world, code) == owner
    assert wording.adjective(world, code) == adjective


def test_a_code_without_a_name_stays(world: Economy) -> None:
    nameless = replace(world, countries={code: code for code in world.countries})
    assert wording.name_in_sentence(nameless, "USA") == "USA"
    assert wording.adjective(nameless, "USA") == "USA's"
    assert wording.possessive(world, "NOWHERE") == "NOWHERE's"


def test_every_country_of_the_shipped_economy_has_an_adjective(world: Economy) -> None:
    without = [code for code in world.countries if wording.adjective(world, code).endswith(("'s", "s'"))]
    assert without == ["ROW"]


@pytest.mark.parametrize(
    ("text", "words", "number"),
    [
        ("real_income:IND", "real income of India", "+2.50"),
        ("trade:IND:USA", "sales of India to the United States (goods and services)", "2.50"),
        ("exports:IND:goods", "exports of India (goods)", "2.50"),
        (
            "balance:IND:RUS:agriculture,pharma",
            "the balance of trade of India with Russia (agricultural goods and pharmaceuticals)",
            "2.50",
        ),
        ("price:USA:all", "prices of the United States (goods and services)", "+2.50"),
    ],
)
def test_an_outcome_says_what_it_counts_and_only_changes_have_a_plus_sign(
    world: Economy, text: str, words: str, number: str
) -> None:
    outcome = parse_outcome(text, world)
    assert wording.outcome_in_words(outcome, world) == words
    assert wording.outcome_number(outcome, 2.5, 2) == number
    assert wording.outcome_number(outcome, -2.5, 2) == "−2.50"
    assert f"{text}: " in wording.outcome_key([outcome], world)


def test_an_economy_without_services_counts_all_its_sectors() -> None:
    economy = random_economy(7)
    assert wording.outcome_in_words(parse_outcome("exports:C1", economy), economy).endswith("(all sectors)")
