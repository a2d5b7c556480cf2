"""A question in words, without a file: on the command line, as a file that it writes, in another currency."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import entrepot
from entrepot.app.cli import root
from entrepot.economy.currency import in_currency
from entrepot.economy.economy import Economy

Says = Callable[..., tuple[int, str, str]]
CARS = ("--tariff", "China:EU:cars=+30%")


@pytest.fixture
def says(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Says:
    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["entrepot", *words])
        code = 0
        try:
            root.main()
        except SystemExit as end:
            code = int(end.code or 0)
        return code, *capsys.readouterr()

    return run


def test_a_duty_is_simulated_from_one_option(says: Says, world: Economy) -> None:
    code, out, _ = says("simulate", *CARS, "--json")
    assert code == 0
    found = json.loads(out)
    assert found["scenario"]["title"] == "30 points more duty of the EU on Chinese cars"
    assert "cars is read as C29: cars, trucks, buses and their parts together." in found["remarks"]
    result = entrepot.solve(world, entrepot.Scenario.from_changes(tariff="CHN:EU27:C29=+30%"))
    losses = {row["country"]: row["real_income_pct"] for row in found["countries"]}
    assert losses["CHN"] == pytest.approx(100 * (float(result.real_income_hat.sel(country="CHN")) - 1), abs=1e-10)


def test_a_file_is_written_once_and_computes_the_same(
    says: Says, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert says("new", "cars", *CARS, "--on", "2026-01-01")[0] == 0
    written = (tmp_path / "cars.yaml").read_text(encoding="utf-8")
    assert "# 30 points more duty of the EU on Chinese cars" in written
    code, _, err = says("new", "cars", *CARS)
    assert (code, "cars.yaml exists already" in err) == (2, True)
    assert (tmp_path / "cars.yaml").read_text(encoding="utf-8") == written
    code, _, err = says("new", "other", "--tariff", "Chinna:EU=5%")
    assert (code, "unknown country 'Chinna'; nearest: CHN" in err) == (2, True)
    assert not (tmp_path / "other.yaml").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("simulate",), 'no change is given; name a scenario, or write --tariff "CHN:EU27:cars=+30%"'),
        (
            ("simulate", "--tariff", "China:EU:petroleum=5%"),
            "--tariff China:EU:petroleum=5%: sector 'petroleum' may mean",
        ),
        (
            ("simulate", *CARS, "--currency", "INR"),
            "no exchange rate of INR is shipped; write the rate to use, as INR=",
        ),
        (("simulate", "--embargo", "RUS:EU=5%"), "found an amount"),
        (("sensitivity", "--answer", "in-kind"), "--answer and --reading change a scenario; name one"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line(says: Says, words: tuple[str, ...], message: str) -> None:
    code, out, err = says(*words)
    assert (code, out) == (2, "")
    assert message in err


def test_another_currency_changes_values_and_nothing_else(world: Economy) -> None:
    rupees = in_currency(world, "INR=80")
    change = entrepot.Scenario.from_changes(tariff="CHN:EU27:C29=+30%")
    one, other = (entrepot.solve(economy, change) for economy in (world, rupees))
    assert rupees.unit == "INR million"
    assert rupees.notes[-1] == "Values are USD times 80, in INR; the rate is the user's."
    assert abs(one.real_income_hat - other.real_income_hat).max() < 1e-9
    assert other.equivalent_variation.values == pytest.approx(80 * one.equivalent_variation.values, rel=1e-6, abs=1e-3)


def test_solve_takes_the_name_of_a_scenario(world: Economy) -> None:
    result = entrepot.solve(world, "us-tariffs-on-india-2025")
    assert result.scenario is not None
    assert result.scenario.name == "us-tariffs-on-india-2025"
