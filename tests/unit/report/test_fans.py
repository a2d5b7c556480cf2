import json

import pytest

import entrepot
from entrepot.economy.economy import Economy
from entrepot.report.answers import uncertainty
from entrepot.report.kit import charts

pytestmark = pytest.mark.slow

CASE = "us-tariffs-on-india-2025"


@pytest.fixture(scope="module")
def answer(world: Economy) -> "entrepot.study.sampling.uncertainty.Uncertainty":  # type: ignore[name-defined]
    return entrepot.uncertainty(
        world, entrepot.load_scenario(CASE), draws=24, outcomes=["real_income:all", "exports:IND"], inputs=["theta"]
    )


def test_the_two_countries_of_the_scenario_come_first_then_the_widest(answer) -> None:  # type: ignore[no-untyped-def]
    rows = uncertainty.shown(answer)
    assert list(rows.index[:2]) == ["real_income:IND", "real_income:USA"]
    width = (rows["p95"] - rows["p5"])[2:]
    assert width.is_monotonic_decreasing
    assert len(rows) == uncertainty.MOST_ROWS


def test_ratios_are_per_cent_and_values_billions(answer) -> None:  # type: ignore[no-untyped-def]
    table = uncertainty.table(answer)
    raw = answer.fan
    assert table.loc["real_income:IND", "median"] == pytest.approx(100 * (raw.loc["real_income:IND", "median"] - 1))
    assert table.loc["exports:IND", "p5"] == pytest.approx(raw.loc["exports:IND", "p5"] / 1000)
    assert list(table.loc[["real_income:IND", "exports:IND"], "unit"]) == ["change, %", "USD billion"]


def test_the_chart_shows_every_band_of_one_kind_of_outcome_and_nothing_else(answer) -> None:  # type: ignore[no-untyped-def]
    chart = uncertainty.fan_chart(answer, 700, "real_income")
    drawn = charts.svg(chart, "fan")
    assert drawn.startswith("<svg")
    rows = [name for name in uncertainty.shown(answer).index if name.startswith("real_income")]
    told = json.dumps(chart.to_dict(validate=False), ensure_ascii=False)
    assert told.count('"default":') == len(rows)
    assert "India: median" in told
    assert "exports" not in told
    with pytest.raises(entrepot.InputError, match="no outcome 'imports' was drawn"):
        uncertainty.fan_chart(answer, 700, "imports")


def test_notes_say_where_spreads_come_from_and_what_is_held(answer) -> None:  # type: ignore[no-untyped-def]
    said = " ".join(uncertainty.notes(answer))
    assert "Spread: between papers (theta:A01, theta:A02, theta:A03 and 24 more)." in said
    assert "Held, because neither a standard error nor two papers are known: SERVICES." in said
    assert "First-order shares stand for" in said


def test_draws_without_equilibrium_are_counted_in_the_notes(world: Economy) -> None:
    answer = entrepot.uncertainty(
        world, entrepot.load_scenario(CASE), draws=12, outcomes="real_income:IND", inputs="dial:psi=0..0.2"
    )
    assert 0 < len(answer.failed) < 12
    assert f"{len(answer.failed)} of 12 draws have no equilibrium and are in no band" in " ".join(
        uncertainty.notes(answer)
    )
    assert uncertainty.document(answer)["failed"]
