import dataclasses
import pickle
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import entrepot
from economies import random_dataset, random_economy, random_shock
from entrepot.core.errors import InputError, InvalidEconomy, MisalignedLabels, MissingValue
from entrepot.economy.economy import Economy
from entrepot.policy.shock import Shock


def test_the_identities_of_the_accounts_hold() -> None:
    economy = random_economy(0)
    assert economy.closed
    assert economy.gap < 1e-14
    np.testing.assert_allclose(economy.trade_share.sum("origin"), 1.0)
    np.testing.assert_allclose(economy.income, economy.value_added + economy.tariff_revenue + economy.deficit)
    final = economy.expenditure.values - economy.intermediate_demand.values
    np.testing.assert_allclose(final.sum(axis=1), economy.income)
    assert float(economy.deficit.sum()) == pytest.approx(0, abs=1e-10)


def test_an_economy_is_frozen_down_to_its_numbers() -> None:
    economy = random_economy(0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        economy.name = "other"  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        economy.trade.values[0, 0, 0] = 1.0


def test_the_callers_dataset_is_not_changed() -> None:
    dataset = random_dataset(0)
    before = dataset.copy(deep=True)
    Economy.from_dataset(dataset)
    xr.testing.assert_identical(dataset, before)
    dataset["trade"][0, 0, 0] = 7.0  # and stays writable


def break_at(variable: str, where: dict[str, str], value: float) -> xr.Dataset:
    dataset = random_dataset(0).copy(deep=True)
    dataset[variable].loc[where] = value
    return dataset


FLOW_CELL = {"origin": "C1", "destination": "C2", "sector": "s0"}
CELL = {"country": "C1", "sector": "s0"}


@pytest.mark.parametrize(
    ("dataset", "error", "message"),
    [
        (break_at("trade", FLOW_CELL, -1.0), InvalidEconomy, "trade is negative at C1 C2 s0 .found -1."),
        (break_at("trade", FLOW_CELL, np.nan), MissingValue, "trade: no value .NaN. at C1 C2 s0"),
        (break_at("trade", FLOW_CELL, np.inf), InvalidEconomy, "trade must be finite at C1 C2 s0"),
        (break_at("tariff", FLOW_CELL, -1.0), InvalidEconomy, "tariff is -100 % or below at C1 C2 s0"),
        (break_at("theta", {"sector": "s1"}, 0.0), InvalidEconomy, "theta is not positive at s1"),
        (break_at("theta", {"sector": "s1"}, -4.0), InvalidEconomy, "theta is not positive at s1 .found -4."),
        (break_at("value_added_share", CELL, 0.9), InvalidEconomy, r"value_added_share \+ inputs is not 1 at C1 s0"),
        (
            break_at("input_share", CELL | {"input": "s1"}, -0.2),
            InvalidEconomy,
            "input_share is negative at C1 s1 s0 .found -0.2.",
        ),
    ],
)
def test_a_broken_identity_names_the_cells(dataset: xr.Dataset, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Economy.from_dataset(dataset)


def test_inputs_beyond_supply_are_negative_final_demand() -> None:
    dataset = random_dataset(0).copy(deep=True)
    dataset["trade"].loc[{"destination": "C0", "sector": "s2"}] *= 1e-3
    dataset["input_share"].loc[{"country": "C0", "input": "s2"}] = 0.3
    dataset["input_share"].loc[{"country": "C0", "input": ["s0", "s1"]}] = 0.1
    dataset["value_added_share"].loc[{"country": "C0"}] = 0.5
    with pytest.raises(InvalidEconomy, match="final demand is negative at C0 s2 .*inputs use more than is supplied"):
        Economy.from_dataset(dataset)


def test_all_problems_are_told_at_once() -> None:
    dataset = break_at("trade", FLOW_CELL, -1.0)
    dataset["theta"].loc[{"sector": "s1"}] = -1.0
    with pytest.raises(InvalidEconomy) as caught:
        Economy.from_dataset(dataset, name="mine")
    assert [line.split(" at ")[0] for line in str(caught.value).splitlines()] == [
        "mine: trade is negative",
        "mine: theta is not positive",
    ]


def test_labels_must_agree_between_the_axes() -> None:
    dataset = random_dataset(0)
    with pytest.raises(MisalignedLabels, match="axis destination .against origin."):
        Economy.from_dataset(dataset.isel(destination=[1, 0, 2, 3]))
    with pytest.raises(MisalignedLabels, match="input_share, axis input"):
        Economy.from_dataset(dataset.isel(input=[1, 0, 2]))
    with pytest.raises(MisalignedLabels, match="country C0 more than once"):
        Economy.from_dataset(dataset.isel(origin=[0, 0], destination=[0, 0]))


@pytest.mark.parametrize("missing", ["trade", "theta", "input_share", "value_added_share"])
def test_a_missing_variable_is_named(missing: str) -> None:
    with pytest.raises(InputError, match=missing if missing != "theta" else "no trade elasticities"):
        Economy.from_dataset(random_dataset(0).drop_vars(missing))


def test_what_is_absent_means_no_duty_and_no_inputs() -> None:
    economy = Economy.from_dataset(random_dataset(0)[["trade"]], theta=4)
    assert float(abs(economy.tariff).max()) == 0.0
    assert float(economy.input_share.max()) == 0.0
    assert float(economy.value_added_share.min()) == 1.0
    np.testing.assert_allclose(economy.value_added, economy.trade.sum(("destination", "sector")))


@pytest.mark.parametrize(
    "theta",
    [
        {"s2": 3.0, "s0": 1.0, "s1": 2.0},
        xr.DataArray([1.0, 2.0, 3.0], coords={"sector": ["s0", "s1", "s2"]}, dims="sector"),
    ],
)
def test_elasticities_come_by_label(theta: object) -> None:
    assert Economy.from_dataset(random_dataset(0), theta=theta).theta.values.tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("theta", "message"),
    [
        ({"s0": 1.0}, "theta: none for s1, s2"),
        ({"s0": 1.0, "s1": 1.0, "s2": 1.0, "s9": 1.0}, "theta: found unknown sectors s9"),
        (np.ones(3), "theta has no labels"),
    ],
)
def test_elasticities_that_do_not_fit_are_refused(theta: object, message: str) -> None:
    with pytest.raises(MisalignedLabels, match=message):
        Economy.from_dataset(random_dataset(0), theta=theta)


def test_given_final_shares_that_say_the_same_are_the_same_economy() -> None:
    economy = random_economy(0)
    given = random_dataset(0).assign(final_share=economy.final_share.round(9), value_added=economy.value_added.round(9))
    again = Economy.from_dataset(given)
    assert again.closed
    np.testing.assert_array_equal(again.final_share, economy.final_share)


@pytest.mark.slow
def test_raw_accounts_stay_open_until_they_are_rebalanced() -> None:
    economy = random_economy(0)
    sectors = len(economy.sectors)
    raw = Economy.from_dataset(
        random_dataset(0).assign(
            final_share=xr.full_like(economy.final_share, 1 / sectors), value_added=economy.value_added
        )
    )
    assert not raw.closed
    assert raw.gap > 0.01
    for rule in ("fixed", "scaled", "zero"):
        closed = raw.rebalanced(rule)
        assert closed.closed
        np.testing.assert_allclose(closed.final_share, 1 / sectors, rtol=1e-9)
    with pytest.raises(InvalidEconomy, match="alone; raw accounts need"):
        Economy.from_dataset(random_dataset(0).assign(value_added=economy.value_added))


def test_without_inputs_value_added_is_output_and_all_spending_is_final() -> None:
    economy = random_economy(0).without_inputs()
    np.testing.assert_allclose(economy.value_added, economy.output.sum("sector"))
    np.testing.assert_allclose(economy.final_share * economy.income, economy.expenditure.values)
    assert economy.closed


def test_shares_rounded_to_six_digits_are_taken_and_solve() -> None:
    dataset = random_dataset(5)
    for name in ("input_share", "value_added_share"):
        dataset[name] = dataset[name].round(6)
    economy = Economy.from_dataset(dataset)
    total = economy.input_share.sum("input") + economy.value_added_share
    np.testing.assert_allclose(total, 1.0, atol=1e-15)
    assert entrepot.solve(economy, random_shock(economy, 5)).walras < 1e-10


def test_single_precision_is_taken_and_solves() -> None:
    economy = Economy.from_dataset(random_dataset(6).astype("float32"))
    assert entrepot.solve(economy, random_shock(economy, 6)).walras < 1e-10


@pytest.mark.parametrize(
    ("unit", "currency", "billions"),
    [("EUR thousand", "EUR", 1e-6), ("USD", "USD", 1e-9), ("as in source", "XXX", 1e-3), (None, "USD", 1e-3)],
)
def test_reports_know_the_unit_of_the_data(unit: str | None, currency: str, billions: float) -> None:
    dataset = random_dataset(1)
    if unit is not None:
        dataset.attrs["unit"] = unit
    economy = Economy.from_dataset(dataset)
    assert (economy.currency, economy.billions) == (currency, billions)
    same = economy.aggregate(sectors={"s0": "s1"})
    assert (same.currency, same.billions) == (currency, billions)


def test_names_follow_their_labels_not_their_position() -> None:
    dataset = random_dataset(1, countries=3)
    named = xr.DataArray(["two", "one", "zero"], coords={"country": ["C2", "C1", "C0"]}, dims="country")
    economy = Economy.from_dataset(
        dataset.drop_vars(["input_share", "value_added_share"]).drop_dims("country").merge({"country_name": named})
    )
    assert economy.countries == {"C0": "zero", "C1": "one", "C2": "two"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.assign(trade=d["trade"] > 1), "trade holds bool"),
        (lambda d: d.assign(trade=d["trade"].astype(str)), "trade holds <U"),
        (lambda d: d.assign_coords(country_name=("sector", ["a", "b", "c"])), "country_name has the wrong axes"),
        (lambda d: d.assign(group_member=(("group", "country"), [["x"] * 4])), "group_member needs the axes"),
        (
            lambda d: d.assign(group_member=(("group", "country"), [["x"] * 4])).assign_coords(
                country_group=("group", ["G"])
            ),
            "group_member holds",
        ),
    ],
)
def test_what_is_not_numbers_or_names_is_refused(change: Callable[[xr.Dataset], xr.Dataset], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Economy.from_dataset(change(random_dataset(1)))


def test_figures_cannot_be_changed_in_place_not_even_derived_or_unpickled_ones() -> None:
    economy = random_economy(1)
    for array in (economy.trade, economy.income, economy.deficit, pickle.loads(pickle.dumps(economy)).trade):
        with pytest.raises(ValueError, match="read-only"):
            array.values[:] = 1
    result = entrepot.solve(economy, Shock())
    with pytest.raises(ValueError, match="read-only"):
        result.trade_cf.values[:] = 0


def test_a_theta_given_twice_or_as_text_is_refused() -> None:
    dataset = random_dataset(1).drop_vars("theta")
    with pytest.raises(InputError, match="given twice"):
        Economy.from_dataset(dataset, theta=pd.Series([4, 5, 6], index=["s0", "s1", "s1"]))
    with pytest.raises(InputError, match="one number for each sector"):
        Economy.from_dataset(dataset, theta={"s0": "x", "s1": 2, "s2": 3})
    assert float(Economy.from_dataset(dataset, theta=np.int64(4)).theta[0]) == 4.0
