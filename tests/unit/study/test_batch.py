from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import entrepot
from economies import borders, random_economy, random_shock
from entrepot.policy.shock import Shock

ECONOMY = random_economy(7)


def shocks(count: int) -> Iterator[Shock]:
    for seed in range(count):
        yield random_shock(ECONOMY, seed, 0.2)


def test_many_equal_one_by_one_in_their_order() -> None:
    told: list[int] = []
    many = entrepot.solve_many(ECONOMY, shocks(10), keep=["real_income_hat", "trade_cf"], progress=told.append)
    assert dict(many.sizes)["scenario"] == 10
    assert told == list(range(1, 11))
    for n, shock in enumerate(shocks(10)):
        one = entrepot.solve(ECONOMY, shock)
        np.testing.assert_allclose(many["real_income_hat"][n], one.real_income_hat, rtol=1e-9)
        np.testing.assert_allclose(many["trade_cf"][n], one.trade_cf, rtol=1e-9)
        assert float(many["residual"][n]) <= 1e-11
    assert (many["problem"] == "").all()


@pytest.mark.slow
def test_streamed_to_disk_they_are_the_same_and_nothing_else_is_left(tmp_path: Path) -> None:
    target = tmp_path / "many.nc"
    inside = entrepot.solve_many(ECONOMY, shocks(70))
    with entrepot.solve_many(ECONOMY, shocks(70), to=target) as streamed:  # more rows than are written at once
        assert list(streamed["scenario"].values) == list(inside["scenario"].values)
        for name in ("real_income_hat", "equivalent_variation", "tariff_revenue_cf"):
            np.testing.assert_allclose(streamed[name], inside[name], rtol=1e-9, atol=1e-9)
        assert (streamed["problem"] == "").all()
        assert list(streamed["country"].values) == list(ECONOMY.countries)
    assert [path.name for path in tmp_path.iterdir()] == ["many.nc"]


def test_rows_of_a_mapping_carry_its_names() -> None:
    many = entrepot.solve_many(ECONOMY, {"free": Shock(), "wall": random_shock(ECONOMY, 1)}, deficits="scaled")
    assert list(many["scenario"].values) == ["free", "wall"]
    np.testing.assert_allclose(many["real_income_hat"].sel(scenario="free"), 1.0, rtol=1e-12)


def test_a_change_without_equilibrium_is_a_row_that_says_why_and_loses_no_other() -> None:
    free = Shock(tariff=(1 + ECONOMY.tariff) * (1 - 0.999 * borders(ECONOMY)) - 1)
    many = entrepot.solve_many(ECONOMY, [Shock(), free, Shock()])
    assert np.isnan(many["real_income_hat"][1]).all()
    assert "no equilibrium found" in str(many["problem"][1].values)
    assert not np.isnan(many["real_income_hat"][[0, 2]]).any()


def test_a_change_that_does_not_fit_stops_everything_and_leaves_no_file(tmp_path: Path) -> None:
    other = random_economy(1, countries=3)
    with pytest.raises(entrepot.InputError, match="C3 missing"):
        entrepot.solve_many(ECONOMY, [Shock(), Shock(tariff=other.tariff)], to=tmp_path / "many.nc")
    assert list(tmp_path.iterdir()) == []


def test_an_array_that_a_result_has_not_is_answered_with_the_nearest() -> None:
    with pytest.raises(entrepot.InputError, match="no array 'real_incom_hat'; nearest: real_income_hat"):
        entrepot.solve_many(ECONOMY, [Shock()], keep=["real_incom_hat"])


def test_no_changes_make_an_empty_table() -> None:
    assert entrepot.solve_many(ECONOMY, []).sizes["scenario"] == 0


def test_a_change_that_nobody_could_pay_for_is_a_row_too() -> None:
    hat = np.ones(ECONOMY.trade.shape)
    hat[0, 1:] = np.inf
    embargo = Shock(iceberg_hat=ECONOMY.labelled(hat, ("origin", "destination", "sector"), "iceberg_hat"))
    many = entrepot.solve_many(ECONOMY.rebalanced("zero"), [Shock(), embargo])
    assert "no equilibrium exists" in str(many["problem"][1].values)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"changes": Shock()}, "found one Shock; give several"),
        ({"changes": [Shock()], "workers": 0}, "workers=0; give a whole number of 1 or more"),
        ({"changes": {1: Shock(), "1": Shock()}}, "two changes have the same name"),
        ({"changes": [Shock()], "keep": "real_incom_hat"}, "no array 'real_incom_hat'"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(entrepot.InputError, match=message):
        entrepot.solve_many(ECONOMY, **arguments)  # type: ignore[arg-type]


def test_a_link_stays_a_link_and_a_private_file_private(tmp_path: Path) -> None:
    kept, link = tmp_path / "kept.nc", tmp_path / "link.nc"
    kept.write_bytes(b"old")
    kept.chmod(0o600)
    link.symlink_to(kept)
    entrepot.solve_many(ECONOMY, [Shock()], to=link).close()
    assert link.is_symlink()
    assert kept.stat().st_size > 3
    assert kept.stat().st_mode & 0o777 == 0o600
