"""The table of wedges: what loops over it knows every wedge."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

import entrepot
from economies import levied_economy, random_economy
from entrepot.core.wedges import WEDGES
from entrepot.economy.economy import Economy
from entrepot.policy.shock import Shock
from entrepot.policy.wedges import Wedges
from entrepot.study.goals.unknowns import FORMS


@pytest.fixture(scope="module")
def small() -> Economy:
    return random_economy(11)


def test_every_wedge_is_a_field_of_shocks_and_an_instrument_of_derivatives(small: Economy) -> None:
    names = {wedge.name for wedge in WEDGES}
    assert names <= {field.name for field in fields(Shock)}
    assert names == {field.name for field in fields(Wedges)}
    slopes = entrepot.solve(small, Shock()).sensitivity("real_income:C1")
    assert names == set(slopes) - {"theta"}
    assert all(slopes[wedge.name].dims == wedge.dims for wedge in WEDGES)
    assert set(FORMS) == {wedge.word for wedge in WEDGES}


@pytest.mark.parametrize("name", [wedge.name for wedge in WEDGES])
def test_wedges_of_the_base_year_change_nothing_and_are_seen_to_change(small: Economy, name: str) -> None:
    base = Wedges.of_base(small)
    assert not base.changed(name, small)
    moved = np.array(getattr(base, name).values)
    moved.flat[0] += 0.1
    assert base.with_values(small, **{name: moved}).changed(name, small)


def test_a_production_tax_in_a_file_is_levied_at_home_and_abroad(tmp_path: Path, world: Economy) -> None:
    path = tmp_path / "subsidy.yaml"
    path.write_text(
        "title: t\nreference: r\ndate: 2026-01-01\ninstruments:\n"
        "  - {kind: production_tax, set: -10 %, country: IND, sector: pharma}\n"
        "  - {kind: production_tax, add: 2 %, country: IND, sector: pharma}\n"
    )
    shock = entrepot.load_scenario(path).shock(world)
    assert shock.export_tax is None
    assert shock.production_tax is not None
    touched = shock.production_tax.where(shock.production_tax != 0, drop=True)
    assert list(touched.country.values) == ["IND"]
    assert touched.values.ravel() == pytest.approx(-0.08)
    factor = Wedges.of_base(world).with_values(world, production_tax=shock.production_tax.values).levy_factor()
    india = list(world.countries).index("IND")
    assert (factor[india] != 1).all(axis=0).sum() == len(world.sector_groups["pharma"])


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("set: -100 %", "a subsidy is below 100 % of the price"),
        ("set: 5 %, add: 5 %", "give exactly one of `set` and `add`"),
        ("", "give exactly one of `set` and `add`"),
    ],
)
def test_a_production_tax_without_meaning_is_refused_with_its_line(tmp_path: Path, written: str, says: str) -> None:
    path = tmp_path / "wrong.yaml"
    body = ", ".join(part for part in ("kind: production_tax", "country: IND", written) if part)
    path.write_text(f"title: t\nreference: r\ndate: 2026-01-01\ninstruments:\n  - {{{body}}}\n")
    with pytest.raises(entrepot.InputError, match=says):
        entrepot.load_scenario(path)


def test_a_merged_economy_keeps_what_every_levy_earns() -> None:
    economy = levied_economy(5)
    merged = economy.aggregate(countries={"C0": "X", "C1": "X"}, sectors={"s0": "a", "s1": "a"})
    pairs = [(economy.income, merged.income), *zip(economy.levy_revenue, merged.levy_revenue, strict=True)]
    for before, after in pairs:
        assert float(after.sum()) == pytest.approx(float(before.sum()), rel=1e-12)
        assert float(after.sel(country="X")) == pytest.approx(float(before.sel(country=["C0", "C1"]).sum()), rel=1e-12)
    assert merged.closed
