"""Quotas, price caps and conditional penalties: against worlds of two countries solved by hand, and as laws."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import xarray as xr
from scipy.optimize import brentq

import entrepot
from economies import random_economy
from entrepot.core.errors import Infeasible, InvalidShock
from entrepot.economy.closure import standard_closures
from entrepot.economy.economy import Economy
from entrepot.policy.limit import Limit
from entrepot.policy.shock import Shock
from levels import errors

THETA, OPEN = 4.0, 0.3  # elasticity; what each country spends on the other's goods
FLOW = ("origin", "destination", "sector")


@pytest.fixture(scope="module")
def two() -> Economy:
    """Return two equal countries, 100 each, that spend 30 % on each other's goods; no duties, no inputs."""
    trade = 100 * np.array([[1 - OPEN, OPEN], [OPEN, 1 - OPEN]])
    names = ["A", "B"]
    return Economy.from_dataset(
        xr.Dataset(
            {"trade": (FLOW, trade[:, :, None])}, coords={"origin": names, "destination": names, "sector": ["s"]}
        ),
        theta=THETA,
    )


class ByHand(NamedTuple):
    wage: float  # of A, in units of B's
    volume: float  # of A's exports at base-year prices
    value: float  # of A's exports at the border, over world income of 200
    price: float  # of A's goods, over world income of 200
    rent: float  # in the same unit


def by_hand(wedge: float, rent_to: str, better: float = 1.0) -> ByHand:
    """Return the equilibrium where A's goods cost B `wedge` more, and A makes `better` times as much of them.

    Balanced trade decides A's wage w (B's is 1): A's exports are worth what it imports. With the rent in B, exports are
    counted before it; with the rent in A, with it, and it is part of A's income.
    """

    def world(w: float) -> tuple[float, float, float]:
        cost = w / better
        buys = OPEN * (cost * (1 + wedge)) ** -THETA
        share_b = buys / (buys + 1 - OPEN)  # of B's spending, rent included
        share_a = OPEN / (OPEN + (1 - OPEN) * cost**-THETA)
        if rent_to == "importer":
            income_b = 100 / (1 - share_b * wedge / (1 + wedge))
            return share_b * income_b / (1 + wedge), share_a * 100 * w, cost
        sold = share_b * 100
        return sold, share_a * (100 * w + sold * wedge / (1 + wedge)), cost

    def surplus(w: float) -> float:
        exports, imports, _ = world(w)
        return exports - imports

    w = brentq(surplus, 0.01, 100, xtol=1e-14)
    exports, _, cost = world(w)
    paid_to_producers = exports if rent_to == "importer" else exports / (1 + wedge)
    rent = exports * wedge if rent_to == "importer" else exports * wedge / (1 + wedge)
    unit = 200 / (100 * w + 100)  # the numeraire: world value added stays 200
    return ByHand(w, paid_to_producers / cost, exports * unit, cost * unit, rent * unit)


def limit(economy: Economy, of: str, at_most: float, rent: str = "importer", **more: object) -> Limit:
    return Limit("held", chosen(economy, 0, 1), of, at_most, rent, **more)  # type: ignore[arg-type]


def chosen(
    economy: Economy, origin: int, destination: int, sector: int | slice = slice(None), size: float = 1.0
) -> xr.DataArray:
    cube = np.zeros(economy.trade.shape)
    cube[origin, destination, sector] = size
    return economy.labelled(cube, FLOW, "flows")


@pytest.mark.parametrize(
    ("of", "rent"),
    [
        ("volume", "importer"),
        ("volume", "exporter"),
        ("value", "importer"),
        ("value", "exporter"),
        ("price", "importer"),
    ],
)
def test_a_binding_limit_finds_the_wedge_of_the_hand_solved_world(two: Economy, of: str, rent: str) -> None:
    known = by_hand(0.35, rent)
    result = entrepot.solve(two, Shock(limits=(limit(two, of, getattr(known, of), rent),)))
    (held,) = result.held
    assert held.binding
    assert held.wedge == pytest.approx(0.35, abs=1e-7)
    assert held.rent == pytest.approx(known.rent, rel=1e-7)
    assert held.reached == pytest.approx(held.at_most, rel=1e-8)
    assert float(result.wage_hat[0] / result.wage_hat[1]) == pytest.approx(known.wage, rel=1e-8)
    revenue = result.tariff_revenue_cf[1] if rent == "importer" else result.export_tax_revenue_cf[0]
    assert float(revenue) == pytest.approx(known.rent, rel=1e-7)


@pytest.mark.parametrize("of", ["volume", "value", "price"])
def test_a_slack_limit_changes_nothing(two: Economy, of: str) -> None:
    at_most = 1.01 if of == "price" else 30.3
    result = entrepot.solve(two, Shock(limits=(limit(two, of, at_most),)))
    (held,) = result.held
    assert (held.wedge, held.rent, held.binding) == (0.0, 0.0, False)
    assert float(abs(result.real_income_hat - 1).max()) < 1e-12
    assert result.solved_exercise.limits == ()
    assert result.exercise.limits


@pytest.mark.slow
def test_a_quota_at_the_base_years_volume_earns_a_rent_once_the_exporter_grows(two: Economy) -> None:
    quota = limit(two, "volume", 30.0, "exporter")
    assert entrepot.solve(two, Shock(limits=(quota,))).held[0].wedge == 0.0
    wedge = brentq(lambda one: by_hand(one, "exporter", better=1.2).volume - 30.0, 0.0, 5.0, xtol=1e-14)
    growth = xr.DataArray([[1.2], [1.0]], coords={"country": ["A", "B"], "sector": ["s"]}, dims=("country", "sector"))
    result = entrepot.solve(two, Shock(productivity_hat=growth, limits=(quota,)))
    (held,) = result.held
    assert wedge > 0.05
    assert held.wedge == pytest.approx(wedge, abs=1e-7)
    assert held.rent == pytest.approx(by_hand(wedge, "exporter", better=1.2).rent, rel=1e-7)
    assert float(result.outcome("volume:A:B")) == pytest.approx(30.0, rel=1e-8)


def test_a_quota_and_the_tariff_that_brings_the_same_volume_are_one(two: Economy) -> None:
    held = entrepot.solve(two, Shock(limits=(limit(two, "volume", 20.0),)))
    taxed = entrepot.solve(two, Shock(tariff=held.tariff_cf))
    assert float(abs(held.real_income_hat - taxed.real_income_hat).max()) < 1e-10


def test_a_price_that_one_buyer_cannot_bring_down_is_refused() -> None:
    economy = random_economy(5, countries=4, zeros=0.0)  # sellers have other buyers
    closed = entrepot.solve(economy, Shock(iceberg_hat=1 + chosen(economy, 0, 1, 0, np.inf).fillna(0)))
    lowest = float(closed.unit_cost_hat[0, 0])
    flows = chosen(economy, 0, 1, 0)
    with pytest.raises(Infeasible, match=r"held: no wedge holds it: .* the limit is 0.5; raise it"):
        entrepot.solve(economy, Shock(limits=(Limit("held", flows, "price", 0.5),)))
    result = entrepot.solve(economy, Shock(limits=(Limit("held", flows, "price", (1 + lowest) / 2),)))
    assert result.held[0].complementarity < 1e-8


def penalty(economy: Economy, above: float) -> Limit:
    """Return 50 points on B's goods in A while A sells more than `above` to B."""
    return Limit("penalty", chosen(economy, 0, 1), "value", above, points=chosen(economy, 1, 0, size=0.5))


def test_a_penalty_is_off_in_force_or_in_part(two: Economy) -> None:
    full = entrepot.solve(two, Shock(tariff=two.tariff + penalty(two, 1.0).points))
    sold = float(full.trade_cf[0, 1, 0])
    assert sold < 29
    off = entrepot.solve(two, Shock(limits=(penalty(two, 30.1),))).held[0]
    on = entrepot.solve(two, Shock(limits=(penalty(two, sold - 0.1),))).held[0]
    part = entrepot.solve(two, Shock(limits=(penalty(two, (sold + 30) / 2),))).held[0]
    assert (off.wedge, off.binding, off.rent) == (0.0, False, 0.0)
    assert (on.wedge, on.binding) == (1.0, True)
    assert on.rent == pytest.approx(float(full.tariff_revenue_cf[0]), rel=1e-9)
    assert 0.1 < part.wedge < 0.9
    assert part.reached == pytest.approx((sold + 30) / 2, rel=1e-8)
    assert part.complementarity < 1e-8


def test_a_penalty_for_a_price_is_in_force_while_the_price_is_above_that_part_of_the_base_years(
    two: Economy, tmp_path: Path
) -> None:
    """A becomes worse at what it makes: its price rises by a known part, and a threshold is below it or above."""
    worse = "  - {kind: productivity, country: A, sector: s, change: -20 %}\n"
    price = by_hand(0.0, "importer", better=0.8).price
    assert price > 1.05
    for above, wedge in ((price - 0.02, 1.0), (price + 0.02, 0.0)):
        path = tmp_path / "price.yaml"
        path.write_text(
            "title: T\nreference: R\ndate: 2025-08-27\ninstruments:\n" + worse
            + "  - {kind: penalty, origin: B, destination: A, sector: s, add: 1 %, when: "
            + f"{{origin: A, destination: B, of: price, above: {100 * above:.6f} %}}}}\n",
            encoding="utf-8",
        )  # fmt: skip
        (held,) = entrepot.solve(two, entrepot.load_scenario(path)).held
        assert held.at_most == pytest.approx(above)
        assert held.wedge == wedge
        assert held.reached == pytest.approx(price, abs=0.01)


def test_a_penalty_that_makes_itself_deserved_says_so(two: Economy) -> None:
    # 50 points on A's own exports to others raise what A sells at home; watched is A's purchase from itself.
    watched = chosen(two, 0, 0)
    odd = Limit("odd", watched, "value", 71.0, points=chosen(two, 0, 1, size=0.5))
    held = entrepot.solve(two, Shock(limits=(odd,))).held[0]
    assert held.wedge == 0.0
    assert held.note == "not the only equilibrium: 1 more with other penalties in force"
    deserved = entrepot.solve(two, Shock(limits=(replace(odd, at_most=69.9),))).held[0]
    assert (deserved.wedge, deserved.note) == (1.0, "")  # it raises what it punishes, and is in force all the same


@pytest.mark.slow
@pytest.mark.parametrize("rent", ["importer", "exporter"])
def test_rents_are_what_the_wedge_adds_to_revenue_ordinary_duties_and_other_limits_included(rent: str) -> None:
    economy = random_economy(3, zeros=0.0)
    wide, narrow = chosen(economy, 0, slice(1, 4), 1), chosen(economy, 0, 1, 1)
    base = [float((flows * economy.trade).sum()) for flows in (wide, narrow)]
    limits = (
        Limit("wide", wide, "volume", 0.2 * base[0], rent),
        Limit("narrow", narrow, "value", 0.05 * base[1], rent),
    )  # type: ignore[arg-type]
    tariff, levy = economy.tariff + 0.5, economy.export_tax + 0.1
    result = entrepot.solve(economy, Shock(tariff=tariff, export_tax=levy, limits=limits))
    assert all(held.binding for held in result.held)
    if rent == "importer":
        added = ((result.tariff_cf - tariff) * result.trade_cf).sum()
    else:
        before = levy / (1 + levy) * result.trade_cf * (1 + levy) / (1 + result.export_tax_cf)
        added = (result.export_tax_cf / (1 + result.export_tax_cf) * result.trade_cf - before).sum()
    assert sum(held.rent for held in result.held) == pytest.approx(float(added), rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["caliendo_parro", "krugman", "years_2_3"])
def test_a_quota_and_a_penalty_on_one_flow(world: Economy, model: str, tmp_path: Path) -> None:
    flow = "origin: IND, destination: USA, sector: C13T15"
    (tmp_path / "both.yaml").write_text(
        "title: T\nreference: R\ndate: 2025-08-27\ninstruments:\n"
        f"  - {{kind: quota, {flow}, at_most: 60 %, rent: importer}}\n"
        f"  - {{kind: penalty, {flow}, add: 25 %, when: {{{flow}, above: 70 %}}}}\n",
        encoding="utf-8",
    )
    quota, penalty_ = entrepot.solve(world, entrepot.load_scenario(tmp_path / "both.yaml"), model=model).held
    assert quota.binding
    assert quota.reached == pytest.approx(quota.at_most, rel=1e-8)
    assert penalty_.wedge == 0.0  # under the quota the flow stays below the threshold


@pytest.mark.slow
@pytest.mark.parametrize("model", ["caliendo_parro", pytest.param("krugman", marks=pytest.mark.long)])
def test_two_limits_on_one_flow_of_which_one_is_enough(world: Economy, tmp_path: Path, model: str) -> None:
    flow = "origin: IND, destination: USA, sector: C13T15, at_most: 60 %"
    (tmp_path / "both.yaml").write_text(
        "title: T\nreference: R\ndate: 2025-08-27\ninstruments:\n"
        f"  - {{kind: quota, {flow}, of: value, rent: exporter}}\n"
        f"  - {{kind: quota, {flow}, of: volume, rent: importer}}\n",
        encoding="utf-8",
    )
    for held in entrepot.solve(world, entrepot.load_scenario(tmp_path / "both.yaml"), model=model).held:
        assert held.complementarity < 1e-8
        assert held.reached <= held.at_most * (1 + 1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("model", ["caliendo_parro", "multi_sector", "nested_ces"])
def test_several_limits_are_complementary_on_random_economies(seed: int, model: str) -> None:
    economy = random_economy(seed, countries=4, sectors=3, zeros=0.0)
    draw = np.random.default_rng(seed)
    limits = []
    for number, (origin, destination) in enumerate([(0, 1), (1, 2), (2, 3), (3, 0)]):
        flows = chosen(economy, origin, destination)
        base = float((flows * economy.trade).sum())
        of, rent = ("volume", "value")[number % 2], ("importer", "exporter")[number // 2]
        limits.append(Limit(f"limit {number}", flows, of, base * draw.uniform(0.6, 1.3), rent))  # type: ignore[arg-type]
    result = entrepot.solve(economy, Shock(tariff=economy.tariff + 0.05, limits=tuple(limits)), model=model)
    for held in result.held:
        assert held.complementarity < 1e-8
        assert held.wedge >= 0
        assert held.reached <= held.at_most * (1 + 1e-8)
    assert any(held.binding for held in result.held)
    assert max(errors(result).values()) < 1e-8


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "name", "cell"),
    [
        ("real_income:C0", "tariff", (1, 0, 0)),
        ("real_income:C1", "tariff", (0, 1, 0)),  # on the flow under quota: rent and duty change places
        ("balance:C1:C2", "tariff", (1, 0, 0)),
        ("volume:C0:C1:s0", "export_tax", (2, 1, 1)),  # held by the quota: nothing moves it
        ("price:C2:s1", "export_tax", (0, 2, 1)),
    ],
)
def test_derivatives_keep_limits(asked: str, name: str, cell: tuple[int, int, int]) -> None:
    economy = random_economy(3)

    def total(flows: xr.DataArray) -> float:
        return float((flows * economy.trade).sum())

    one, two, three = chosen(economy, 0, 1, 0), chosen(economy, 1, 3, slice(1, 3)), chosen(economy, 2, 0, 2)
    watched = chosen(economy, 0, 2, 0)
    limits = (
        Limit("volume", one, "volume", 0.8 * total(one), "exporter"),
        Limit("value", two, "value", 0.9 * total(two)),
        Limit("price", three, "price", 0.995),
        Limit("penalty", watched, "value", 1.0001 * total(watched), points=chosen(economy, 1, 0, 0, 0.3)),
    )
    base = Shock(tariff=economy.tariff + 0.02, export_tax=economy.export_tax + 0.01, limits=limits)
    slope = float(entrepot.sensitivity(entrepot.solve(economy, base), asked)[name].values[cell])

    def value(step: float) -> float:
        moved = getattr(base, name).copy(deep=True)
        values = moved.values.copy()
        values[cell] += step
        return entrepot.solve(economy, replace(base, **{name: moved.copy(data=values)})).outcome(asked)

    h = 1e-4
    difference = (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h)
    assert slope == pytest.approx(difference, rel=1e-5, abs=1e-9)


def test_a_limit_must_make_sense(two: Economy) -> None:
    nowhere = replace(limit(two, "volume", 1.0), flows=two.labelled(np.zeros(two.trade.shape), FLOW, "flows"))
    for wrong, message in (
        (limit(two, "weight", 1.0), "write volume, value or price"),
        (limit(two, "volume", 0.0), "give a number above 0, or use an embargo"),
        (limit(two, "volume", 1.0, "smuggler"), "write importer or exporter"),
        (nowhere, "nothing is traded there in the base year"),
    ):
        with pytest.raises(InvalidShock, match=message):
            entrepot.solve(two, Shock(limits=(wrong,)))
    with pytest.raises(InvalidShock, match="two limits are called 'held'; keep one"):
        entrepot.solve(two, Shock(limits=(limit(two, "volume", 20.0), limit(two, "value", 20.0))))


@pytest.mark.slow
def test_the_brief_asks_the_other_rules_for_imbalances_with_the_limit_not_with_its_wedge(two: Economy) -> None:
    from entrepot.study.closures import by_deficits

    result = entrepot.solve(two, Shock(limits=(limit(two, "volume", 20.0),)))
    table = by_deficits(result)
    assert list(table.columns) == list(standard_closures())
    assert float((table["fixed"] - table["zero"]).abs().max()) < 1e-6  # trade is balanced in this world
