"""The embedded economy against what its sources say of it."""

import numpy as np
import pytest

from entrepot.economy.economy import Economy


def test_it_is_the_world_of_2022(world: Economy) -> None:
    assert (len(world.countries), len(world.sectors)) == (81, 28)
    assert world.countries["IND"] == "India"
    assert world.sectors["C21"] == "Pharmaceuticals"
    assert len(world.country_groups["EU27"]) == 27
    assert world.sector_groups["services"] == ("SERVICES",)
    assert len(world.goods) == 27
    assert world.closed
    assert float(world.value_added.sum()) == pytest.approx(
        96e6, rel=0.03
    )  # USD million: world GDP of 2022 at basic prices
    assert float(world.income.sel(country="USA")) == pytest.approx(26e6, rel=0.05)


def test_final_demand_is_positive_everywhere_and_services_pay_no_duty(world: Economy) -> None:
    assert float(world.final_share.min()) > 0
    assert float(world.tariff.sel(sector="SERVICES").max()) == 0.0
    assert float(world.tariff.values[np.arange(81), np.arange(81)].max()) == 0.0
