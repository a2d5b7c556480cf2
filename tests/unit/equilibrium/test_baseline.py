"""A change on top of measures in force is the difference between two worlds that are solved each from the base year."""

import pytest

import entrepot
from entrepot.core.errors import EntrepotError, InputError, InvalidShock
from entrepot.economy.economy import Economy
from entrepot.equilibrium.summary.focus import focus_of
from entrepot.policy.load import load_scenario
from entrepot.report.answer import answer_for
from entrepot.report.result.headline import against, headline

HEAD = {"title": "Ten points more", "reference": "An example", "date": "2026-04-10"}
TEN = {"kind": "tariff", "add": "10 %", "origin": "CHN", "destination": "USA"}
LAW = {"kind": "tariff", "add": {"schedule": "us-duties"}, "destination": "USA"}


@pytest.mark.parametrize(
    ("model", "deficits"),
    [
        ("caliendo_parro", "fixed"), ("caliendo_parro", "scaled"), ("caliendo_parro", "multiplicative"),
        ("caliendo_parro", "zero"), ("nested_ces", "fixed"),
        *(pytest.param(*pair, marks=pytest.mark.long)
          for pair in (("multi_sector", "fixed"), ("years_2_3", "scaled"), ("krugman", "fixed"))),
    ],
)  # fmt: skip
def test_a_tariff_on_top_is_the_difference_between_both_worlds(world: Economy, model: str, deficits: str) -> None:
    settings = {"model": model, "deficits": deficits}
    top = entrepot.solve(world, load_scenario({**HEAD, "instruments": [TEN]}), baseline="in_force", **settings)
    both = entrepot.solve(world, load_scenario({**HEAD, "instruments": [LAW, TEN]}), **settings)
    law = entrepot.solve(world, load_scenario({**HEAD, "instruments": [LAW]}), **settings)
    assert float(abs(top.real_income_hat - both.real_income_hat / law.real_income_hat).max()) < 1e-10
    assert float(abs(top.price_hat - both.price_hat / law.price_hat).max()) < 1e-10
    assert float(abs(top.trade_cf - both.trade_cf).max() / both.trade_cf.max()) < 1e-10
    assert float(abs(top.tariff_cf - both.tariff_cf).max()) < 1e-14
    assert top.baseline is not None
    assert float(abs(top.baseline.real_income_hat - law.real_income_hat).max()) < 1e-12


@pytest.mark.parametrize("law", [LAW, {**LAW, "origin": "CHN"}])
def test_a_measure_already_in_force_changes_nothing(world: Economy, law: dict[str, object]) -> None:
    result = entrepot.solve(world, load_scenario({**HEAD, "baseline": "in_force", "instruments": [law]}))
    assert float(abs(result.real_income_hat - 1).max()) < 1e-12
    assert result.steps == 1


def test_the_day_decides_what_is_in_force(world: Economy) -> None:
    """Under the duties of April 2025 ten points more on China do less than under those of the base year."""
    found = {}
    for baseline in ("base_year", "in_force:2025-04-20", "in_force:2026-04-10"):
        result = entrepot.solve(world, load_scenario({**HEAD, "baseline": baseline, "instruments": [TEN]}))
        found[baseline] = float(result.equivalent_variation.sel(country="CHN"))
    assert found["base_year"] < found["in_force:2026-04-10"] < found["in_force:2025-04-20"] < 0


def test_a_question_without_scenario_can_be_asked_of_the_world_in_force(world: Economy) -> None:
    from entrepot.app.ask import Ask

    asked = Ask(baseline="in_force:2026-04-10").resolve(None)
    law = entrepot.solve(world, load_scenario({**HEAD, "instruments": [LAW]}))
    assert float(abs(asked.economy.tariff - law.tariff_cf).max()) < 1e-14
    assert asked.economy.closed


def test_an_answer_says_what_it_is_compared_with(world: Economy) -> None:
    result = entrepot.solve(world, load_scenario({**HEAD, "baseline": "in_force", "instruments": [TEN]}))
    assert "Additional duties in force" in against(result)
    assert "10 April 2026" in against(result)
    document = answer_for(result, focus=focus_of(result)).document()
    assert document["assumptions"]["baseline"]["name"] == "measures-in-force"
    after = load_scenario({**HEAD, "date": "2031-01-01", "instruments": [TEN]})
    with pytest.raises(InputError, match="acts are entered up to 2026-08-19, not to 2031-01-01"):
        entrepot.solve(world, after, baseline="in_force")
    late = entrepot.solve(world, after.adapted(beyond=True), baseline="in_force")
    said = "Baseline: Acts are known only to 2026-08-19 (schedule us-duties), not to 2031-01-01."
    assert said in answer_for(late).document()["remarks"]
    assert headline(late, focus_of(late)).startswith(said)
    plain = entrepot.solve(world, load_scenario({**HEAD, "instruments": [TEN]}))
    assert "base year" in against(plain)


@pytest.mark.parametrize(
    ("baseline", "says"),
    [("inforce", "in_force"), ("in_force:tomorrow", "date"), ("oil-penalty-trade-off", "options")],
)
def test_a_baseline_that_is_none_is_refused(world: Economy, baseline: str, says: str) -> None:
    with pytest.raises(EntrepotError, match=says):
        entrepot.solve(world, load_scenario({**HEAD, "instruments": [TEN]}), baseline=baseline)


def test_a_model_that_merges_sectors_cannot_be_built_on(world: Economy) -> None:
    with pytest.raises(InvalidShock, match="choose another model"):
        entrepot.solve(world, load_scenario({**HEAD, "instruments": [TEN]}), baseline="in_force", model="armington")


def test_a_bare_shock_has_no_day(world: Economy) -> None:
    with pytest.raises(InvalidShock, match="a baseline needs a scenario"):
        entrepot.solve(world, entrepot.Shock(), baseline="in_force")
