"""Why, range and comparison through the command line."""

import csv
import io
import json
from pathlib import Path

import pytest
from test_cli import entrepot_says  # noqa: F401 (a fixture)

import entrepot

pytestmark = pytest.mark.slow
CASE = "us-tariffs-on-india-2025"


@pytest.fixture
def said(entrepot_says):  # type: ignore[no-untyped-def] # noqa: F811
    """Return what `entrepot WORDS` prints, once it has ended well."""

    def printed(*words: str) -> str:
        code, out, err = entrepot_says(*words)
        assert code == 0, err
        return str(out)

    return printed


def test_why_prints_the_sentence_the_terms_and_that_they_add_up(said, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    page = tmp_path / "why.html"
    out = said("why", CASE, "--of", "real_income:IND", "--html", str(page))
    words = " ".join(out.split())
    assert "India loses 0.22" in words
    assert "its terms of trade fall by" in words
    assert "The terms add up to the change" in words
    assert "United States" in out
    assert "its terms of trade fall by" in page.read_text(encoding="utf-8")
    document = json.loads(said("why", CASE, "--of", "IND", "--json"))
    assert sum(row["income_pct"] for row in document["terms"][:-1]) == pytest.approx(
        document["real_income_pct"], abs=1e-7
    )
    rows = list(csv.DictReader(io.StringIO(said("why", CASE, "--of", "EU27", "--csv"))))
    result = entrepot.solve(entrepot.load_economy(), entrepot.load_scenario(CASE))
    worth = float(result.equivalent_variation.sel(country=list(result.actor("EU27").members)).sum()) / 1e3
    assert sum(float(row["value_bn"]) for row in rows) == pytest.approx(worth, abs=1e-6)


def test_simulate_with_a_range_says_how_sure_and_how_long_it_took(said) -> None:  # type: ignore[no-untyped-def]
    words = " ".join(said("simulate", CASE, "--range").split())
    assert "How sure Real income of India falls by 0." in words
    assert "other members are more severe than the default" in words
    assert "equilibria in" in words
    assert "--range" not in words
    last = said("simulate", CASE).splitlines()[-1]
    assert last == "--range: also years 2 to 3 and 13 others, 1 to 4 s on the shipped economy"
    document = json.loads(said("ensemble", CASE, "--of", "real_income:IND", "--json"))
    assert len(document["members"]) == 15
    one = document["outcomes"][0]
    assert one["low"] < one["default"] < one["high"] < 0
    assert document["seconds"] > 0
    assert {row["horizon"] for row in document["members"]} == {"long run", "years 2 to 3"}


def test_compare_has_a_column_for_each_scenario_and_assumption(said, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    page = tmp_path / "compared.html"
    out = said(
        "compare", CASE, "us-tariffs-world", "--models", "years_2_3", "--of", "real_income:IND", "--html", str(page)
    )
    assert [line[:2] for line in out.splitlines()[:4]] == ["A:", "B:", "C:", "D:"]
    assert "years 2 to 3" in out
    assert "<svg" in page.read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(said("compare", CASE, "--closures", "zero", "--csv"))))
    assert set(rows[0]) == {"country", "name", entrepot.load_scenario(CASE).title, "balanced trade"}
    options = json.loads(said("compare", "oil-penalty-trade-off", "--json"))
    assert len(options["columns"]) == 2
