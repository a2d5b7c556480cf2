"""The main job on the real world economy: what the 50 % US tariff does to India and to everybody else."""

import re
from pathlib import Path

import numpy as np
import pytest

import entrepot
from entrepot.economy.economy import Economy
from entrepot.equilibrium.result import Result
from entrepot.policy.scenario import AnyInstrument

ROOT = Path(__file__).parents[2]


def pct(result: Result, country: str) -> float:
    return 100 * (float(result.real_income_hat.sel(country=country)) - 1)


@pytest.mark.slow
def test_india_loses_and_its_rivals_gain(case: Result) -> None:
    assert pct(case, "IND") == pytest.approx(-0.2192, abs=0.00005)
    assert pct(case, "USA") == pytest.approx(-0.0200, abs=0.00005)
    for rival in ("VNM", "KHM", "BGD"):
        assert pct(case, rival) > 0.02
    assert case.countries.index[0] == "IND"
    assert case.countries.index[-1] == "VNM"


def test_indias_goods_exports_to_the_united_states_fall_by_seventy_per_cent(case: Result) -> None:
    flow = {"origin": "IND", "destination": "USA", "sector": case.economy.goods}
    fall = float(case.trade_cf.sel(flow).sum() / case.economy.trade.sel(flow).sum()) - 1
    assert 100 * fall == pytest.approx(-69.7, abs=0.1)


def test_the_solution_is_one(case: Result) -> None:
    assert case.residual <= 1e-11
    assert case.walras < 1e-10
    assert case.steps < 100
    np.testing.assert_allclose(case.trade_share_cf.sum("origin"), 1.0, rtol=1e-12)


def test_the_path_decomposition_of_the_case_adds_up(case: Result) -> None:
    table = entrepot.decompose(case)
    assert float(table["error"].abs().max()) < 1e-9
    india = 100 * table.loc["IND"]
    assert india["terms_of_trade"] < 0
    assert india["volume_of_trade"] < 0
    assert india["trade_costs"] == 0


@pytest.mark.parametrize(
    ("options", "india"),
    [({"model": "multi_sector"}, -0.1164), ({"deficits": "scaled"}, -0.2617)],
)
def test_other_assumptions_tell_the_same_story(world: Economy, options: dict[str, str], india: float) -> None:
    result = entrepot.solve(world, entrepot.load_scenario("us-tariffs-on-india-2025"), **options)  # type: ignore[arg-type]
    assert pct(result, "IND") == pytest.approx(india, abs=0.00005)
    assert pct(result, "USA") < 0


@pytest.mark.slow
def test_the_five_lines_of_the_readme_work(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    block = readme.split("```python\n")[1].split("```")[0]
    assert len([line for line in block.splitlines() if line and not line.startswith("import")]) == 5
    monkeypatch.chdir(tmp_path)
    exec(block, {})
    assert (tmp_path / "brief.html").stat().st_size > 100_000


def test_the_scenario_of_the_readme_solves(world: Economy, tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
    written = tmp_path / "mine.yaml"
    written.write_text(block, encoding="utf-8")
    result = entrepot.solve(world, entrepot.load_scenario(written))
    medicines = {"origin": "IND", "destination": "RUS", "sector": "C21"}
    assert float(result.trade_cf.sel(medicines)) > 1.5 * float(world.trade.sel(medicines))
    assert pct(result, "IND") > 0


def test_every_instrument_in_the_page_on_data_is_understood(world: Economy, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    kinds = {option.model_fields["kind"].annotation.__args__[0] for option in AnyInstrument.__origin__.__args__}
    examples = [
        one.replace(", ...", ", origin: CHN, destination: IND") for one in re.findall(r"`(\{kind: .*?\})`", text)
    ]
    assert {re.match(r"\{kind: (\w+)", one)[1] for one in examples} == kinds  # type: ignore[index]
    for example in examples:
        written = tmp_path / "one.yaml"
        written.write_text(f"title: t\nreference: r\ndate: 2026-01-01\ninstruments:\n  - {example}\n", encoding="utf-8")
        shock = entrepot.load_scenario(written).shock(world)
        changed = [
            name for name, value in vars(shock).items() if value is not None and name not in ("tariff", "limits")
        ]
        assert changed or shock.limits or bool((shock.tariff != world.tariff).any()), example


def test_the_schedule_in_the_page_on_data_is_understood(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    example = text.split("## A schedule of duties")[1].split("```yaml\n")[1].split("```")[0]
    (tmp_path / "mine.yaml").write_text(example, encoding="utf-8")
    (tmp_path / "lines.csv").write_text(
        "origin,hs6,imports,duties\nIND,300490,1,0\nIND,610910,1,0\nIND,732690,1,0.1\n", encoding="utf-8"
    )
    listed = "2025-01-01,IND,610910,covered,1\n2025-01-01,IND,732690,steel-march + steel-august,1\n"
    (tmp_path / "classes.csv").write_text(f"as_of,origin,hs6,class,imports\n{listed}")
    (tmp_path / "claims.csv").write_text("origin,hs6,from,share\nIND,610910,2025-01-01,0.2\n")
    rates = entrepot.effective_rates(entrepot.load_schedule(tmp_path / "mine.yaml"), "2025-06-01", ["IND"])
    added = rates.lines.set_index("hs6")["added"].to_dict()
    # a fifth of the shirts claims the preference, which is exempt
    # metal: 40 % of the value at what is missing from 50 % to the 10 % collected
    assert added == {"300490": 0.0, "610910": pytest.approx(0.8 * 0.25), "732690": pytest.approx(0.4 * 0.4)}
