"""Blocs stand wherever countries do; their numbers are those of the members together."""

import datetime

import numpy as np
import pytest

import entrepot
from entrepot.core.errors import UnknownLabel
from entrepot.core.outcomes import OUTCOMES
from entrepot.economy.blocs import groups_of, shipped_blocs
from entrepot.economy.economy import Economy
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.summary.focus import checked, focus_of
from entrepot.equilibrium.summary.targets import target_flow, targets_of
from entrepot.policy.actors import actor
from entrepot.policy.load import load_scenario
from entrepot.policy.scenario import Focus

CARS = {"kind": "tariff", "add": "30 %", "origin": "CHN", "destination": "EU27", "sector": "C29"}


def scenario_with(*instruments: dict[str, object], **fields: object) -> entrepot.Scenario:
    head = {"title": "A proposal", "reference": "An example", "date": "2026-04-10"}
    return load_scenario({**head, "instruments": list(instruments), **fields})


@pytest.fixture(scope="module")
def cars(world: Economy) -> Result:
    return entrepot.solve(world, scenario_with(CARS))


def test_every_shipped_bloc_has_distinct_members_a_day_and_a_source() -> None:
    for bloc in shipped_blocs().values():
        assert len(set(bloc.members)) == len(bloc.members)
        assert all(len(code) == 3 and code.isupper() for code in bloc.members)
        assert bloc.as_of <= datetime.date(2026, 11, 30)
        assert len(bloc.source) > 20
    assert {name: len(bloc.members) for name, bloc in shipped_blocs().items()} == {
        "ASEAN": 11, "USMCA": 3, "MERCOSUR": 5, "BRICS": 10, "RCEP": 15, "CPTPP": 12, "GCC": 6, "EAEU": 5, "EU27": 27,
        "G7": 7, "OECD": 38, "LDC": 44,
    }  # fmt: skip


def test_an_economy_has_the_blocs_of_which_it_has_two_members(world: Economy) -> None:
    groups = groups_of(world)
    assert set(groups["EU27"]) == set(shipped_blocs()["EU27"].members) == set(world.country_groups["EU27"])
    assert groups["GCC"] == ("ARE", "SAU")
    few = world.aggregate(countries={code: "ABROAD" for code in world.countries if code not in ("IND", "USA", "CHN")})
    assert "EU27" not in groups_of(few)
    assert groups_of(few)["BRICS"] == ("CHN", "IND")


def test_real_income_of_a_bloc_is_the_sum_of_equivalent_variations_over_the_sum_of_incomes(cars: Result) -> None:
    members = list(cars.economy.country_groups["EU27"])
    income = cars.economy.income.sel(country=members)
    variation = income * (cars.real_income_hat.sel(country=members) - 1)
    expected = 1 + float(variation.sum() / income.sum())
    assert cars.outcome("real_income:EU27") == pytest.approx(expected, abs=1e-13)
    row = cars.blocs("EU27").loc["EU27"]
    assert row["real_income_hat"] == pytest.approx(expected, abs=1e-13)
    assert row["equivalent_variation"] == pytest.approx(float(variation.sum()), rel=1e-12)
    assert expected < 1 < float(cars.real_income_hat.sel(country="DEU"))  # the largest member gains, the bloc loses


def test_flows_of_a_bloc_leave_out_the_trade_among_its_members(cars: Result) -> None:
    members = list(cars.economy.country_groups["EU27"])
    outside = [code for code in cars.economy.countries if code not in members]
    sold = float(cars.trade_cf.sel(origin=members, destination=outside).sum())
    bought = float(cars.trade_cf.sel(origin=outside, destination=members).sum())
    assert cars.outcome("exports:EU27") == pytest.approx(sold, rel=1e-12)
    assert cars.outcome("imports:EU27") == pytest.approx(bought, rel=1e-12)
    assert cars.outcome("balance:EU27") == pytest.approx(sold - bought, rel=1e-9)
    assert cars.outcome("two_way:EU27:all") == pytest.approx(sold + bought, rel=1e-12)
    row = cars.blocs("EU27").loc["EU27"]
    assert (row["exports_cf"], row["imports_cf"]) == pytest.approx((sold, bought), rel=1e-12)
    each = sum(cars.outcome(f"exports:{code}") for code in members)
    assert each > 1.5 * sold  # a list of countries is no bloc
    assert cars.outcome(f"exports:{','.join(members)}") == pytest.approx(each, rel=1e-12)


@pytest.mark.parametrize("word", list(OUTCOMES))
def test_an_outcome_of_a_bloc_of_one_is_that_of_the_country(cars: Result, word: str) -> None:
    after = {"price": ":C29", "output": ":C29", "trade": ":IND", "volume": ":IND", "two_way": ":CHN"}.get(word, "")
    scenario = scenario_with(CARS, groups={"MINE": ["USA"]})
    named = entrepot.solve(cars.economy, scenario)
    assert named.outcome(f"{word}:MINE{after}") == pytest.approx(named.outcome(f"{word}:USA{after}"), rel=1e-12)


def test_derivatives_of_a_bloc_are_those_of_its_members_weighted_by_income(cars: Result) -> None:
    members = groups_of(cars.economy)["USMCA"]
    income = cars.economy.income.sel(country=list(members))
    shares = dict(zip(members, income.values / float(income.sum()), strict=True))
    whole = cars.sensitivity("real_income:USMCA")["tariff"]
    parts = sum(share * cars.sensitivity(f"real_income:{code}")["tariff"] for code, share in shares.items())
    assert float(abs(whole - parts).max()) < 1e-12


def test_tables_of_a_bloc_add_up_to_those_of_its_members(cars: Result) -> None:
    members = list(cars.economy.country_groups["EU27"])
    sectors = cars.sectors("CHN", "EU27")
    assert sectors["exports_to_partner_cf"]["C29"] == pytest.approx(
        float(cars.trade_cf.sel(origin="CHN", destination=members, sector="C29").sum()), rel=1e-12
    )
    own = cars.sectors("EU27", "CHN")
    made = cars.output_cf.sel(origin=members) / cars.unit_cost_hat.sel(origin=members)
    expected = made.sum("origin") / cars.economy.output.sel(origin=members).sum("origin")
    assert np.allclose(own["volume_hat"], expected.values, rtol=1e-12, atol=0)
    suppliers = cars.suppliers("EU27", ["C29"])
    assert len(suppliers) == len(cars.economy.countries) - len(members) + 1
    inside = cars.trade_cf.sel(origin=members, destination=members, sector="C29").sum()
    assert suppliers.loc["EU27", "trade_cf"] == pytest.approx(float(inside), rel=1e-12)
    revenue = cars.prices("EU27")["tariff_revenue_cf"].sum()
    assert revenue == pytest.approx(float(cars.tariff_revenue_cf.sel(country=members).sum()), rel=1e-12)


def test_the_focus_is_on_the_bloc_that_levies(cars: Result) -> None:
    assert focus_of(cars) == Focus(exporter="CHN", importer="EU27")
    (target,) = targets_of(cars)
    members = list(cars.economy.country_groups["EU27"])
    chosen = {"origin": "CHN", "destination": members, "sector": "C29"}
    expected = [float(flows.sel(chosen).sum()) / 1e3 for flows in (cars.economy.trade, cars.trade_cf)]
    assert target_flow(cars, target) == pytest.approx(expected, rel=1e-12)


def test_a_bare_shock_is_aimed_at_the_cells_that_it_changes(cars: Result) -> None:
    bare = entrepot.solve(cars.economy, entrepot.Shock(tariff=cars.tariff_cf))
    assert focus_of(bare) == Focus(exporter="CHN", importer="EU27")
    assert targets_of(bare)[0].sectors == ("C29",)


def test_an_own_group_replaces_a_shipped_bloc(world: Economy) -> None:
    assert actor(world, "G7", {"G7": ["IND", "CHN"]}).members == ("CHN", "IND")


@pytest.mark.parametrize(("exporter", "importer"), [("DEU", "EU27"), ("USMCA", "G7"), ("IND", "IND")])
def test_two_sides_share_no_country(world: Economy, exporter: str, importer: str) -> None:
    with pytest.raises(UnknownLabel, match="name two without common members"):
        checked(world, Focus(exporter=exporter, importer=importer))
