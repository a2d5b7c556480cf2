"""Answers side by side."""

import math

import pytest

import entrepot
from economies import random_economy, random_shock
from entrepot.economy.economy import Economy
from entrepot.report.answer import answer_for
from entrepot.report.answers.comparison import headline, tables
from entrepot.study.comparison import compare

CASE = "us-tariffs-on-india-2025"


@pytest.fixture(scope="module")
def economy() -> Economy:
    return random_economy(1)


def test_columns_are_the_solves_they_name(economy: Economy) -> None:
    mild, harsh = random_shock(economy, 1, 0.1), random_shock(economy, 1, 0.6)
    solved = entrepot.solve(economy, harsh)
    answer = compare(
        {
            "mild": mild,
            "solved": solved,
            "years 2 to 3": (harsh, {"model": "years_2_3"}),
            "zero": (harsh, {"deficits": "zero"}),
        },
        ["real_income:C0", "trade:C0:C1"],
        economy=economy,
    )
    short = entrepot.solve(economy, harsh, model="years_2_3")
    assert answer.titles == ("mild", "solved", "years 2 to 3", "zero")
    assert answer.results["solved"] is solved
    assert answer.countries.loc["C2", "years 2 to 3"] == pytest.approx(100 * (float(short.real_income_hat[2]) - 1))
    assert answer.values.loc["trade:C0:C1", "mild"] == pytest.approx(
        entrepot.solve(economy, mild).outcome("trade:C0:C1")
    )
    assert answer.shown.loc["real_income:C0", "zero"] == pytest.approx(answer.countries.loc["C0", "zero"])
    assert answer.results["zero"].deficits == "zero"


def test_every_form_has_every_column(economy: Economy) -> None:
    columns = {f"tariffs {n}": random_shock(economy, 1, n / 10) for n in (1, 3, 5)}
    answer = compare(columns, economy=economy)
    shown = answer_for(answer)
    assert shown.table is not None
    assert shown.page is not None
    assert list(shown.table().columns) == ["country", "name", *columns]
    document = shown.document()
    assert [one["title"] for one in document["columns"]] == list(columns)
    assert len(document["real_income_pct"]) == len(economy.countries)
    page = shown.page()
    assert all(title in page for title in columns)
    assert "NaN" not in page
    assert set(tables(answer)) == {"real income, %", "equivalent variation, bn", "outcomes"}
    assert repr(answer).startswith("Comparison(tariffs 1, tariffs 3, tariffs 5;")
    assert "<table" in answer._repr_html_()
    row = answer.shown.iloc[0]
    assert f"({row.idxmin()})" in headline(answer)


def test_economies_may_differ_and_holes_stay_holes(economy: Economy) -> None:
    other = random_economy(2, countries=5)
    answer = compare(
        {"four": random_shock(economy, 1), "five": (random_shock(other, 2), {"economy": other})}, economy=economy
    )
    assert math.isnan(answer.countries.loc["C4", "four"])
    assert not math.isnan(answer.countries.loc["C4", "five"])
    document = answer_for(answer).document()
    assert next(row for row in document["real_income_pct"] if row["country"] == "C4")["four"] is None


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"one": "us-tariffs-world"}, "needs two or more"),
        ("us-tariffs-world", "needs two or more"),
        ({"a": ("us-tariffs-world", {"modle": "krugman"}), "b": "us-tariffs-world"}, "a: no setting 'modle'.*model"),
        ({"a": "us-tarifs-world", "b": "us-tariffs-world"}, "a: .*us-tariffs-world"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_column(columns: object, said: str, world: Economy) -> None:
    with pytest.raises(entrepot.InputError, match=said):
        compare(columns, economy=world)  # type: ignore[arg-type]


@pytest.mark.slow
def test_scenarios_by_name_side_by_side(world: Economy) -> None:
    answer = compare([CASE, "us-tariffs-world"], economy=world)
    first, second = answer.titles
    assert first == entrepot.load_scenario(CASE).title
    assert answer.countries.loc["IND", first] < answer.countries.loc["IND", second] < 0
    assert "real_income:CHN" in answer.outcomes
    elastic = compare({"default": CASE, "paper": (CASE, {"elasticities": "shapiro_2016"})}, economy=world)
    assert elastic.results["paper"].economy.elasticities.label == "Shapiro (2016)"  # type: ignore[union-attr]
    assert elastic.countries.loc["IND", "paper"] != elastic.countries.loc["IND", "default"]
