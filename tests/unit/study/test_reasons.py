"""Why a country gains or loses: terms by partner and sector, added up in both measures, and in words."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import entrepot
from economies import levied_economy, random_economy, random_shock
from entrepot.data import shipped
from entrepot.economy.economy import Economy
from entrepot.equilibrium.decomposition.path_terms import path_terms
from entrepot.equilibrium.path import Path as WedgePath
from entrepot.equilibrium.result import Result
from entrepot.policy.shock import FittedShock, Shock
from entrepot.report.answer import answer_for
from entrepot.report.answers.why import adds_up_sentence, alone_sentence, carriers_table, terms_table, why_sentence
from entrepot.study.reasons import burdening_importers

EXACT = 1e-9  # of base-year income


def solved(seed: int, **settings: str) -> Result:
    economy = random_economy(seed)
    return entrepot.solve(economy, random_shock(economy, seed), **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("levied", [False, True])
def test_cells_add_up_to_the_terms_and_these_to_the_change_in_both_measures(levied: bool) -> None:
    if levied:
        economy = levied_economy(2)
        result = entrepot.solve(economy, Shock(export_tax=economy.export_tax + 0.1, markup=economy.markup + 0.05))
    else:
        result = solved(1)
    terms = path_terms(result)
    table = entrepot.decompose(result)
    for name, total in terms.totals().items():
        np.testing.assert_allclose(total, table[name], rtol=0, atol=1e-12)
    money = sum(values.sum(axis=(1, 2)) for values in terms.money.values()) + terms.money_imbalances
    np.testing.assert_allclose(money / result.economy.income, result.real_income_hat - 1, rtol=0, atol=2e-9)


def test_each_partner_and_sector_is_what_a_riemann_sum_over_small_steps_gives() -> None:
    """The other road: no slopes of polynomials, only differences between neighbouring equilibria at their midpoint."""
    economy = random_economy(4, countries=3, sectors=2)
    result = entrepot.solve(economy, random_shock(economy, 4, largest=0.2), deficits="scaled")
    path, steps = WedgePath.to(result.wedges, economy), 64
    states = [
        entrepot.solve(economy, FittedShock(path.at(n / steps)).as_shock(economy), deficits="scaled")
        for n in range(steps + 1)
    ]
    exports, imports, duty = (np.zeros((3, 3, 2)) for _ in range(3))
    for one, two in pairwise(states):
        trade = (one.trade_cf.values + two.trade_cf.values) / 2
        tariff = (one.tariff_cf.values + two.tariff_cf.values) / 2
        index = (one.consumer_price_hat.values + two.consumer_price_hat.values) / 2
        dearer = np.log(two.unit_cost_hat.values / one.unit_cost_hat.values)[:, None, :]
        moved = trade * dearer
        moved[np.arange(3), np.arange(3)] = 0.0
        exports += moved / index[:, None, None]
        imports -= moved.swapaxes(0, 1) / index[:, None, None]
        volume = tariff * (two.trade_cf.values - one.trade_cf.values - trade * dearer)
        duty += volume.swapaxes(0, 1) / index[:, None, None]
    money = path_terms(result).money
    size = float(result.economy.income.max())
    np.testing.assert_allclose(money["terms_of_trade", "exports"] / size, exports / size, rtol=0, atol=2e-6)
    np.testing.assert_allclose(money["terms_of_trade", "imports"] / size, imports / size, rtol=0, atol=2e-6)
    np.testing.assert_allclose(money["volume_of_trade", "imports"] / size, duty / size, rtol=0, atol=2e-6)


def test_partners_and_sectors_add_up_to_each_term() -> None:
    reasons = solved(1).why("C0", alone=False)
    assert abs(reasons.error) < EXACT
    for term, value in reasons.terms.items():
        if term != "imbalances":
            assert reasons.by("partner", str(term)).sum() == pytest.approx(value, rel=1e-10, abs=1e-10)
            assert reasons.by("sector", str(term)).sum() == pytest.approx(value, rel=1e-10, abs=1e-10)
    shown = terms_table(reasons)
    assert shown["income_pct"].iloc[:-1].sum() == pytest.approx(100 * (reasons.equivalent_variation / reasons.income))
    carried = carriers_table(reasons, "partner").groupby("term")["value_bn"].sum()
    for term, value in shown.iloc[:-1].set_index("term")["value_bn"].items():
        if term != "trade imbalances":
            assert carried[term] == pytest.approx(value)


def test_a_group_has_the_sums_of_its_members_terms_and_trade_inside_it_nearly_cancels() -> None:
    result = solved(3)
    group = result.why("C0,C1", alone=False)
    one, two = (result.why(code, alone=False) for code in ("C0", "C1"))
    for term in group.terms.index:
        assert group.terms[term] == pytest.approx(one.terms.get(term, 0.0) + two.terms.get(term, 0.0))
    assert group.equivalent_variation == pytest.approx(
        float(result.equivalent_variation.sel(country=["C0", "C1"]).sum())
    )
    assert abs(group.error) < EXACT
    assert group.real_wage_pct is None
    inside = group.flows[(group.flows["term"] == "terms_of_trade") & (group.flows["partner"] == "C0,C1")]
    assert abs(inside["value"].sum()) < 0.3 * inside["value"].abs().sum()
    assert "cancels in the terms of trade" in adds_up_sentence(group)


def test_the_sentence_names_the_largest_term_with_its_sign_and_who_carries_it() -> None:
    result = solved(1)
    for code in result.economy.countries:
        reasons = result.why(code, alone=False)
        said, change = why_sentence(reasons), reasons.real_income_pct
        assert ("gains" if change > 0 else "loses") in said
        sign = 1 if change > 0 else -1
        leading = str((sign * reasons.terms).idxmax())
        if leading == "terms_of_trade":
            assert f"its terms of trade {'rise' if change > 0 else 'fall'} by" in said
            carrier = (sign * reasons.by("partner", leading)).idxmax()
            assert f"in trade with {carrier}" in said
        wage = reasons.real_wage_pct
        assert wage is not None
        assert ("although the real wage" in said) == (wage * change < 0 and abs(wage) >= 0.005)


def test_nothing_changes_nothing_is_said_to() -> None:
    economy = random_economy(1)
    reasons = entrepot.solve(economy, Shock()).why("C1")
    assert "neither gains nor loses" in why_sentence(reasons)
    assert reasons.alone is None


@pytest.mark.parametrize("of", ["exports:C0", "nobody"])
def test_what_has_no_reasons_is_refused(of: str) -> None:
    with pytest.raises(entrepot.InputError):
        solved(1).why(of)


def test_a_model_that_holds_incomes_is_refused() -> None:
    economy = random_economy(1).rebalanced("zero")
    result = entrepot.solve(economy, random_shock(economy, 1), model="conditional_gravity")
    with pytest.raises(entrepot.InputError, match="holds nominal incomes"):
        result.why("C0")


def test_alone_is_the_equilibrium_with_the_duty_on_that_country_alone() -> None:
    economy = random_economy(5, zeros=0.0)
    tariff = economy.tariff.copy(deep=True)
    tariff.loc[{"destination": "C0"}] += 0.3
    tariff.loc[{"origin": "C0", "destination": "C0"}] -= 0.3
    everybody = entrepot.solve(economy, Shock(tariff=tariff))
    assert burdening_importers(everybody, ["C1"]) == ["C0"]
    assert burdening_importers(everybody, ["C0"]) == []
    only = economy.tariff.copy(deep=True)
    only.loc[{"origin": "C1", "destination": "C0"}] += 0.3
    alone = entrepot.solve(economy, Shock(tariff=only))
    reasons = everybody.why("C1")
    assert reasons.alone_pct == pytest.approx(100 * (float(alone.real_income_hat.sel(country="C1")) - 1), abs=1e-8)
    assert "alone its real income would change by" in alone_sentence(reasons)
    assert burdening_importers(alone, ["C1"]) == []
    assert alone.why("C1").alone is None


def test_every_form_of_the_answer_tells_the_same(tmp_path: Path) -> None:
    reasons = replace(solved(1).why("C0", alone=False), alone=None)
    answer = answer_for(reasons)
    document = answer.document()
    assert answer.table is not None
    assert answer.page is not None
    assert answer.table()["value_bn"].sum() == pytest.approx(document["equivalent_variation_bn"])
    assert sum(row["income_pct"] for row in document["terms"][:-1]) == pytest.approx(document["real_income_pct"])
    assert why_sentence(reasons).replace("\N{NO-BREAK SPACE}", " ")[:20] in answer.page().replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert answer.render() is not None


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            name, marks=() if name in ("us-tariffs-on-india-2025", "oil-penalty-trade-off") else pytest.mark.long
        )
        for name in shipped.names("scenarios")
    ],
)
def test_the_terms_add_up_in_every_shipped_scenario(world: Economy, name: str) -> None:
    scenario = entrepot.load_scenario(name)
    for chosen in [scenario.option(option) for option in scenario.options] or [scenario]:
        result = entrepot.solve(world, chosen)
        for of in ("IND", "USA", "EU27", "all"):
            assert abs(result.why(of, alone=False).error) < EXACT, (name, of)


@pytest.mark.slow
def test_india_loses_less_where_all_suppliers_are_taxed(world: Economy) -> None:
    result = entrepot.solve(world, entrepot.load_scenario("us-tariffs-world"))
    reasons = result.why("IND")
    assert reasons.alone_pct is not None
    assert reasons.alone_pct < reasons.real_income_pct < 0
    assert "its competitors pay too" in alone_sentence(reasons)
