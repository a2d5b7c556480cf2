"""Economies of other years: trade as it is given, and input use that fits it."""

import numpy as np
import pytest

import entrepot
from entrepot.core.errors import MisalignedLabels, UnknownLabel
from entrepot.economy.economy import Economy
from entrepot.economy.load import trade_of_year, years_known


def test_trade_stays_and_inputs_fit(world: Economy) -> None:
    given = trade_of_year(2017)
    made = world.with_trade(given["trade"], given["tariff"], "mine")
    assert made.name == "mine"
    np.testing.assert_array_equal(made.trade.values, given["trade"].values)
    np.testing.assert_array_equal(made.tariff.values, given["tariff"].values)
    assert made.closed
    final = made.final_share * made.income
    spent = made.expenditure.rename(destination="country")
    assert float((final / spent.where(spent > 0)).min()) > 0.0199  # of every good something is final demand
    assert float((made.value_added_share + made.input_share.sum("input") - 1).max()) < 1e-12
    assert "inputs were scaled down in 263 of 2,268 cells, which moved 0.95 % of value added" in made.notes[-1]


def test_the_same_trade_changes_nothing_but_what_is_too_large(world: Economy) -> None:
    again = world.with_trade(world.trade)
    before, after = (entrepot.solve(one, "us-tariffs-on-india-2025") for one in (world, again))
    off = abs(before.real_income_hat - after.real_income_hat).max()
    assert float(off) < 2e-4  # the base year has final demand of less than 2 % of a few goods


def test_economies_of_years_are_known_by_name() -> None:
    assert list(years_known().values()) == list(range(2011, 2022))
    economy = entrepot.load_economy("icio2015", "uniform_4")
    assert economy.label == "OECD ICIO 2015"
    assert float(economy.theta.min()) == 4.0
    assert economy.provenance is not None
    assert economy.provenance.year == "2015"
    assert "icio2015" in entrepot.economies().index
    with pytest.raises(UnknownLabel, match="no 'icio2010' among the shipped economies"):
        entrepot.load_economy("icio2010")


def test_trade_on_other_labels_is_refused(world: Economy) -> None:
    with pytest.raises(MisalignedLabels):
        world.with_trade(world.trade.isel(sector=slice(0, 3)))
