"""What people try on their first day, through the command line; expected numbers are computed here from the flows."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from test_cli import entrepot_says  # noqa: F401 (a fixture)

import entrepot
from economies import random_dataset
from entrepot.core.version import package_version
from entrepot.economy.blocs import groups_of
from entrepot.economy.economy import Economy
from entrepot.equilibrium.result import Result

Says = Callable[..., tuple[int, str, str]]
CASE = "us-tariffs-on-india-2025"
CARS = ("--tariff", "CHN:EU27:cars=+30%")
AGREEMENT = ("--tariff", "EU27:IND:all=0%", "--tariff", "IND:EU27:all=0%")
IN_KIND = ("--tariff", "MEX,CAN:USA:all=+25%", "--answer", "in-kind")


def answer(says: Says, *words: object) -> dict[str, Any]:
    code, out, err = says(*words, "--json")
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def solved(world: Economy, *instruments: dict[str, object]) -> Result:
    head = {"title": "Asked", "reference": "An example", "date": "2026-01-01"}
    return entrepot.solve(world, entrepot.load_scenario({**head, "instruments": list(instruments)}))


def billions(result: Result, origin: object, destination: object, sectors: object) -> tuple[float, float]:
    chosen = {"origin": origin, "destination": destination, "sector": sectors}
    before, after = (float(flows.sel(chosen).sum()) / 1e3 for flows in (result.economy.trade, result.trade_cf))
    return before, after


def worth(result: Result, members: object) -> float:
    income = result.economy.income.sel(country=members)
    return float((income * (result.real_income_hat.sel(country=members) - 1)).sum()) / 1e3


def test_1_the_shipped_case(entrepot_says: Says, case: Result) -> None:  # noqa: F811
    found = answer(entrepot_says, "simulate", CASE)
    before, after = billions(case, "IND", "USA", case.economy.goods)
    assert f"from USD {before:.1f} to {after:.1f} billion" in found["headline"]
    assert f"USD {-worth(case, ['IND']):.1f} billion" in found["headline"]
    assert found["headline"].startswith("Indian goods exports to the United States fall")


def test_2_a_duty_of_a_bloc_is_about_the_bloc(entrepot_says: Says, world: Economy) -> None:  # noqa: F811
    found = answer(entrepot_says, "simulate", *CARS)
    result = solved(world, {"kind": "tariff", "add": "30 %", "origin": "CHN", "destination": "EU27", "sector": "C29"})
    members = list(groups_of(world)["EU27"])
    before, after = billions(result, "CHN", members, "C29")
    share = 100 * (after / before - 1)
    start = f"Chinese motor vehicles to the EU fall by {-share:.0f}\N{NO-BREAK SPACE}%, "
    assert found["headline"].startswith(f"{start}from USD {before:.1f} to {after:.1f} billion.")
    (row,) = [row for row in found["blocs"] if row["country"] == "EU27"]
    assert row["equivalent_variation_bn"] == pytest.approx(worth(result, members), rel=1e-9)
    assert row["equivalent_variation_bn"] == pytest.approx(-0.55, abs=0.02)
    assert f"the EU loses 0.003\N{NO-BREAK SPACE}%, USD {-worth(result, members):.2f} billion" in found["headline"]
    assert found["focus"] == {"exporter": "CHN", "importer": "EU27"}


def test_3_three_countries_that_answer_in_kind(entrepot_says: Says, world: Economy) -> None:  # noqa: F811
    found = answer(entrepot_says, "simulate", *IN_KIND)
    duty = {"kind": "tariff", "add": "25 %"}
    result = solved(
        world,
        {**duty, "origin": ["MEX", "CAN"], "destination": "USA"},
        {**duty, "origin": "USA", "destination": ["MEX", "CAN"]},
    )
    rows = {row["country"]: row for row in found["countries"]}
    for code, name in (("MEX", "Mexico"), ("CAN", "Canada"), ("USA", "the United States")):
        assert rows[code]["equivalent_variation_bn"] == pytest.approx(worth(result, [code]), rel=1e-8)
        assert name.lower() in found["headline"].lower()
    before, after = billions(result, ["MEX", "CAN"], "USA", world.goods)
    assert f"from USD {before:.1f} to {after:.1f} billion" in found["headline"]


def test_4_an_agreement_of_a_bloc(entrepot_says: Says, world: Economy) -> None:  # noqa: F811
    found = answer(entrepot_says, "simulate", *AGREEMENT)
    members = list(groups_of(world)["EU27"])
    free = {"kind": "tariff", "set": "0 %"}
    result = solved(
        world,
        {**free, "origin": "EU27", "destination": "IND"},
        {**free, "origin": "IND", "destination": "EU27"},
    )
    before, after = billions(result, members, "IND", world.goods)
    assert f"EU goods exports to India rise by {100 * (after / before - 1):.0f}" in found["headline"]
    assert f"from USD {before:.1f} to {after:.1f} billion" in found["headline"]
    back = billions(result, "IND", members, world.goods)
    assert f"from USD {back[0]:.1f} to {back[1]:.1f} billion" in found["headline"]
    gain = worth(result, members)
    assert gain == pytest.approx(6.0, abs=0.1)
    assert f"USD {gain:.1f} billion" in found["headline"]


def test_5_why_india_loses_from_opening_alone(entrepot_says: Says) -> None:  # noqa: F811
    code, out, err = entrepot_says("why", "--tariff", "USA:IND:all=0%", "--of", "real_income:IND")
    assert code == 0, err
    assert "India" in out
    assert "terms of trade" in out
    assert "add up" in " ".join(out.split())


def test_7_and_8_rates_and_elasticities_from_excel_and_european_csv(
    entrepot_says: Says,  # noqa: F811
    world: Economy,
    tmp_path: Path,
) -> None:
    rows = [("origin", "destination", "sector", "rate"), ("IND", "USA", "C26", 0.125), ("IND", "USA", "textiles", 0.3)]
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "rates.xlsx")
    lines = [";".join(str(cell).replace(".", ",") for cell in row) for row in rows]
    (tmp_path / "rates.csv").write_bytes(("\N{ZERO WIDTH NO-BREAK SPACE}" + "\r\n".join(lines) + "\r\n").encode())
    theta = Workbook()
    for line in (("sector", "theta", "estimated_on"), ("C26", 5.5, "unknown"), ("C29", 6.25, "unknown")):
        theta.active.append(line)
    theta.save(tmp_path / "mine.xlsx")
    incomes = []
    for name in ("rates.xlsx", "rates.csv"):
        (tmp_path / "mine.yaml").write_text(
            "title: My rates\nreference: Mine\ndate: 2026-01-01\n"
            f"instruments:\n  - {{kind: tariff, add: {{table: {name}}}, origin: IND, destination: USA}}\n"
        )
        found = answer(entrepot_says, "simulate", tmp_path / "mine.yaml", "--elasticities", tmp_path / "mine.xlsx")
        incomes.append([row["real_income_pct"] for row in found["countries"]])
    assert incomes[0] == incomes[1]
    assert found["assumptions"]["theta"]["C26"] == 5.5
    assert found["assumptions"]["theta"]["C28"] == pytest.approx(float(world.theta.sel(sector="C28")))
    assert any("C26" in note and "mine.xlsx" in note for note in found["assumptions"]["notes"])


def test_10_scenarios_side_by_side(entrepot_says: Says, world: Economy) -> None:  # noqa: F811
    found = answer(entrepot_says, "compare", CASE, "us-tariffs-world", "measures-in-force", "--of", "real_income:IND")
    assert len(found["columns"]) == 3
    (row,) = found["outcomes"]
    numbers = [value for value in row.values() if isinstance(value, float)]
    expected = [
        100 * (float(entrepot.solve(world, entrepot.load_scenario(name)).real_income_hat.sel(country="IND")) - 1)
        for name in (CASE, "us-tariffs-world", "measures-in-force")
    ]
    assert numbers == pytest.approx(expected, rel=1e-9)


def test_11_and_12_the_result_in_excel_and_as_a_chart(
    entrepot_says: Says,  # noqa: F811
    case: Result,
    tmp_path: Path,
) -> None:
    book, chart = tmp_path / "result.xlsx", tmp_path / "ranking.svg"
    code, _, err = entrepot_says("simulate", CASE, "--xlsx", book, "--chart", f"ranking={chart}")
    assert code == 0, err
    sheets = load_workbook(book)
    cells = [cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row]
    india = 100 * (float(case.real_income_hat.sel(country="IND")) - 1)
    assert any(isinstance(cell, float) and abs(cell - india) < 1e-9 for cell in cells)
    assert chart.read_text().startswith("<svg")


def test_13_the_first_year(entrepot_says: Says) -> None:  # noqa: F811
    short = answer(entrepot_says, "simulate", CASE, "--model", "years_2_3")
    long = answer(entrepot_says, "simulate", CASE)
    assert short["key_numbers"]["exporter_income_pct"] < long["key_numbers"]["exporter_income_pct"] < 0
    assert short["assumptions"]["model"] == "years_2_3"
    by_horizon = answer(entrepot_says, "simulate", CASE, "--horizon", "years-2-3")
    assert by_horizon["countries"] == short["countries"]
    code, _, err = entrepot_says("simulate", CASE, "--horizon", "years-2-3", "--model", "krugman")
    assert code == 2
    assert "--horizon years-2-3 and --model krugman: a horizon sets the model; give one of them" in err


def test_15_lines_have_a_description(entrepot_says: Says) -> None:  # noqa: F811
    code, out, err = entrepot_says("exposure", "--importer", "USA", "--partner", "IND", "--on", "2025-08-27")
    assert code == 0, err
    assert "pearls" in out.lower() or "electrical" in out.lower() or "machinery" in out.lower()


def test_16_rupees_at_a_rate_that_is_said(entrepot_says: Says) -> None:  # noqa: F811
    code, out, err = entrepot_says("simulate", CASE, "--currency", "INR=83.1")
    assert code == 0, err
    assert "INR" in out
    assert "83.1" in out


def test_17_a_war_of_two_on_each_other_only(entrepot_says: Says, tmp_path: Path) -> None:  # noqa: F811
    few = tmp_path / "few.nc"
    random_dataset(11, zeros=0.0).to_netcdf(few, engine="h5netcdf")
    found = answer(entrepot_says, "nash", "--players", "C1,C2", "--between-players", "--economy", few)
    assert found["between_players"] is True
    assert {row["government"] for row in found["rates"]} == {"C1", "C2"}


def test_18_on_top_of_what_is_in_force(entrepot_says: Says, world: Economy) -> None:  # noqa: F811
    words = ("simulate", "--tariff", "CHN:USA:all=+10%", "--on", "2026-04-10")
    found = answer(entrepot_says, *words, "--baseline", "in_force")
    plain = answer(entrepot_says, *words)
    assert "10 April 2026" in found["against"]
    assert "base year" in plain["against"]
    china = [
        next(row["equivalent_variation_bn"] for row in one["countries"] if row["country"] == "CHN")
        for one in (plain, found)
    ]
    assert china[0] < 1.2 * china[1] < 0


def test_20_every_answer_says_its_version(entrepot_says: Says) -> None:  # noqa: F811
    assert entrepot_says("--version")[1].strip() == f"entrepot {package_version()}"
    assert answer(entrepot_says, "simulate", CASE)["entrepot"] == package_version()
    assert f"entrepot {package_version()}" in entrepot_says("simulate", CASE)[1]
