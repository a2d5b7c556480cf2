import numpy as np
import pytest

from economies import random_economy
from entrepot.core.errors import UnknownLabel
from entrepot.economy.economy import Economy


def test_merging_keeps_every_identity_and_every_total() -> None:
    economy = random_economy(5, countries=4, sectors=3)
    merged = economy.aggregate(countries={"C0": "north", "C2": "north"}, sectors={"s0": "goods", "s1": "goods"})
    assert list(merged.countries) == ["north", "C1", "C3"]
    assert list(merged.sectors) == ["goods", "s2"]
    assert merged.closed
    assert float(merged.trade.sum()) == pytest.approx(float(economy.trade.sum()))
    assert float(merged.tariff_revenue.sum()) == pytest.approx(float(economy.tariff_revenue.sum()))
    assert float(merged.income.sel(country="north")) == pytest.approx(float(economy.income[[0, 2]].sum()))
    assert float(merged.deficit.sel(country="north")) == pytest.approx(float(economy.deficit[[0, 2]].sum()))
    bought = merged.intermediate_demand.sum()
    assert float(bought) == pytest.approx(float(economy.intermediate_demand.sum()))
    assert merged.notes[-1] == "Merged from 4 x 3 to 3 x 2."


def test_merging_everything_is_one_closed_market() -> None:
    economy = random_economy(5)
    merged = economy.aggregate(
        countries=dict.fromkeys(economy.countries, "world"), sectors=dict.fromkeys(economy.sectors, "all")
    )
    assert merged.trade.shape == (1, 1, 1)
    assert float(merged.deficit[0]) == pytest.approx(0, abs=1e-12)


def test_elasticities_are_means_over_cross_border_trade_unless_given() -> None:
    economy = random_economy(5)
    merged = economy.aggregate(sectors={"s0": "goods", "s1": "goods"})
    abroad = economy.trade.values * ~np.eye(4, dtype=bool)[:, :, None]
    weight = abroad.sum(axis=(0, 1))[:2]
    assert float(merged.theta[0]) == pytest.approx(float((economy.theta.values[:2] * weight).sum() / weight.sum()))
    assert float(economy.aggregate(sectors={"s0": "goods", "s1": "goods"}, theta=4).theta[0]) == 4.0


def test_groups_survive_where_they_still_mean_something(world: Economy) -> None:
    union = world.aggregate(countries=dict.fromkeys(world.country_groups["EU27"], "EU27"))
    assert union.country_groups == {"EU27": ("EU27",)}
    split = world.aggregate(countries={"DEU": "DACH", "AUT": "DACH", "CHE": "DACH"})
    assert "EU27" not in split.country_groups
    assert len(union.countries) == 81 - 26


def test_an_unknown_code_is_named_with_its_neighbours(world: Economy) -> None:
    with pytest.raises(UnknownLabel, match=r"cannot merge the country 'GER'.*nearest: "):
        world.aggregate(countries={"GER": "EU"})
