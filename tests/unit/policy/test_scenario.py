import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import entrepot
from entrepot.core.errors import InputError, InvalidDocument, InvalidShock, MissingValue, UnknownLabel
from entrepot.data import shipped
from entrepot.economy.economy import Economy
from entrepot.policy.scenario import Scenario
from entrepot.policy.shock import Shock

HEAD = "title: T\nreference: R\ndate: 2025-08-27\n"


def scenario(folder: Path, body: str, head: str = HEAD) -> Scenario:
    path = folder / "mine.yaml"
    path.write_text(head + body, encoding="utf-8")
    return entrepot.load_scenario(path)


def rate(shock: Shock, origin: str, destination: str, sector: str) -> float:
    assert shock.tariff is not None
    return float(shock.tariff.sel(origin=origin, destination=destination, sector=sector))


def test_set_replaces_and_add_adds_in_whatever_order(tmp_path: Path, world: Economy) -> None:
    body = """
instruments:
  - {kind: tariff, add: 25 %, origin: IND, destination: USA, sector: textiles}
  - {kind: tariff, set: 0.1, origin: [IND, CHN], destination: USA, sector: [textiles, C21]}
  - {kind: tariff, add: 5 %, origin: EU27, destination: USA, sector: C21}
"""
    shock = scenario(tmp_path, body).shock(world)
    assert rate(shock, "IND", "USA", "C13T15") == pytest.approx(0.35)
    assert rate(shock, "CHN", "USA", "C13T15") == pytest.approx(0.10)
    assert rate(shock, "IND", "USA", "C21") == pytest.approx(0.10)
    before = float(world.tariff.sel(origin="DEU", destination="USA", sector="C21"))
    assert rate(shock, "DEU", "USA", "C21") == pytest.approx(before + 0.05)
    assert shock.iceberg_hat is None


def test_all_means_all_goods_to_a_tariff_and_everything_to_a_trade_cost(tmp_path: Path, world: Economy) -> None:
    body = """
instruments:
  - {kind: tariff, add: 0.1, destination: USA}
  - {kind: iceberg, change: -10 %, origin: IND, destination: all}
  - {kind: iceberg, change: 0.5, origin: IND, destination: RUS, sector: C21}
  - {kind: iceberg, change: embargo, origin: RUS, destination: UKR}
"""
    shock = scenario(tmp_path, body).shock(world)
    assert shock.tariff is not None
    raised = (shock.tariff - world.tariff).sel(destination="USA")
    assert float(raised.sel(sector="SERVICES").max()) == 0.0
    assert float(raised.sel(origin="USA").max()) == 0.0
    assert float(raised.drop_sel(origin="USA").sel(sector=world.goods).min()) == pytest.approx(0.1)
    assert shock.iceberg_hat is not None
    hat = shock.iceberg_hat.sel(origin="IND")
    assert float(hat.sel(destination="IND").min()) == 1.0
    assert float(hat.sel(destination="USA", sector="SERVICES")) == pytest.approx(0.9)
    assert float(hat.sel(destination="RUS", sector="C21")) == pytest.approx(0.9 * 1.5)
    assert np.isinf(shock.iceberg_hat.sel(origin="RUS", destination="UKR")).all()


def test_a_scenario_has_its_own_groups_and_its_own_tables(tmp_path: Path, world: Economy) -> None:
    (tmp_path / "rates.csv").write_text("origin,destination,sector,rate\ngulf,USA,energy,0.2\nIND,USA,C21,0.1\n")
    body = """
groups:
  gulf: [ARE, SAU]
  hightech: [C21, C26]
instruments:
  - {kind: tariff, add: {table: rates.csv}}
  - {kind: iceberg, change: 0.1, origin: gulf, destination: IND, sector: hightech}
"""
    shock = scenario(tmp_path, body).shock(world)
    before = float(world.tariff.sel(origin="SAU", destination="USA", sector="B06"))
    assert rate(shock, "SAU", "USA", "B06") == pytest.approx(before + 0.2)
    assert shock.iceberg_hat is not None
    assert float(shock.iceberg_hat.sel(origin="ARE", destination="IND", sector="C26")) == pytest.approx(1.1)


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        (
            "instruments:\n  - {kind: tariff, add: 0.1, origin: INDAI, destination: USA}\n",
            UnknownLabel,
            r"mine.yaml, line 5: instruments\[0\]: unknown country 'INDAI'; nearest: IND \(India\)",
        ),
        (
            "instruments:\n  - {kind: tariff, add: 0.1, origin: IND, destination: USA, sector: txtile}\n",
            UnknownLabel,
            "unknown sector 'txtile'; nearest: ",
        ),
        (
            "instruments:\n  - {kind: tariff, set: 0.1, origin: IND, destination: USA}\n"
            "  - {kind: tariff, set: 0.2, origin: all, destination: USA, sector: C21}\n",
            InvalidShock,
            r"line 6: instruments\[1\]: sets the tariff on flows that instruments\[0\] sets already: IND USA C21",
        ),
        (
            "instruments:\n  - {kind: tariff, set: -150 %, origin: IND, destination: USA}\n",
            InvalidDocument,
            r"line 5: instruments\[0\]: set is -150 %; a duty cannot fall to -100 % or below",
        ),
        (
            "instruments:\n  - {kind: tariff, add: -99 %, origin: RUS, destination: IND}\n"
            "  - {kind: tariff, add: -60 %, origin: RUS, destination: IND}\n",
            InvalidShock,
            "tariff at RUS IND .*: found -1.*stay above -1",
        ),
        (
            "instruments:\n  - {kind: tariff, add: 25, origin: IND, destination: USA}\n",
            InvalidDocument,
            r"line 5: instruments\[0\].add: found 25, which is 2500 %; write '25 %' if you mean per cent",
        ),
        (
            "instruments:\n  - {kind: tariff, origin: IND, destination: USA}\n",
            InvalidDocument,
            "give exactly one of `set` and `add`",
        ),
        (
            "instruments:\n  - {kind: tarif, add: 0.1}\n",
            InvalidDocument,
            r"line 5: instruments\[0\]: found kind 'tarif'; write one of 'tariff', 'export_tax', 'iceberg'",
        ),
        (
            "instruments:\n  - {kind: tariff, add: 0.1, orgin: IND}\n",
            InvalidDocument,
            r"line 5: instruments\[0\].orgin: unknown field; nearest: origin",
        ),
        (
            "instruments:\n  - {kind: tariff, add: 0.1, origin: IND, destination: IND}\n",
            InvalidShock,
            "no cross-border flow from IND to IND in all",
        ),
        (
            "instruments:\n  - {kind: tariff, add: {table: ../../secret.csv}}\n",
            InvalidShock,
            "table '../../secret.csv' is a path",
        ),
        (
            "instruments:\n  - {kind: tariff, add: {schedule: us-dutis}}\n",
            UnknownLabel,
            "no 'us-dutis' among the shipped schedules; nearest: us-duties",
        ),
        (
            "groups: {gulf: [ARE, SAUDY]}\n"
            "instruments:\n  - {kind: tariff, add: 0.1, origin: gulf, destination: USA}\n",
            UnknownLabel,
            "groups.gulf: unknown country 'SAUDY'; nearest: SAU",
        ),
        (
            "instruments:\n  - {kind: iceberg, change: -100 %, origin: IND}\n",
            InvalidDocument,
            "cannot fall by 100 % or more",
        ),
        ("instrument: []\n", InvalidDocument, "line 4: instrument: unknown field; nearest: instruments"),
        (
            "groups: {IND: [CHN]}\ninstruments:\n  - {kind: tariff, add: 0.1, origin: IND, destination: USA}\n",
            UnknownLabel,
            "groups.IND: the economy has a code or group of that name already",
        ),
        (
            "instruments:\n  - {kind: iceberg, change: " + "1" * 400 + " %, origin: IND}\n",
            InvalidDocument,
            "a rate must be a finite number",
        ),
        (
            "instruments:\n  - {kind: tariff, add: " + "1" * 400 + ", origin: IND}\n",
            InvalidDocument,
            "a rate must be a finite number",
        ),
        (
            "instruments:\n" + "  - {kind: iceberg, change: 5, origin: IND, destination: USA}\n" * 500,
            InvalidDocument,
            "beyond all numbers; write `kind: embargo`",
        ),
        ("instruments: " + "[" * 2000 + "]" * 2000, InvalidDocument, "nested too deeply"),
        (
            "instruments:\n  - {kind: tariff, add: 0.1, origin: [], destination: USA}\n",
            InvalidDocument,
            r"origin: found \[\]; value should have at least 1 item",
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_line_with_its_place(
    tmp_path: Path, world: Economy, body: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        scenario(tmp_path, body).shock(world)


def test_blank_references_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidDocument, match="line 2: reference: found ' '"):
        scenario(tmp_path, "instruments: []\n", "title: T\nreference: ' '\ndate: 2025-01-01\n")


def test_every_wrong_instrument_is_told_at_once(tmp_path: Path, world: Economy) -> None:
    body = "instruments:\n  - {kind: tariff, add: 0.1, origin: X1}\n  - {kind: tariff, add: 0.1, sector: X2}\n"
    with pytest.raises(InvalidDocument) as caught:
        scenario(tmp_path, body).shock(world)
    lines = str(caught.value).splitlines()
    assert len(lines) == 2
    assert "line 5: instruments[0]: unknown country 'X1'" in lines[0]
    assert "line 6: instruments[1]: unknown sector 'X2'" in lines[1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("IND,USA,C21,0.1\nIND,USA,pharma,0.2\n", "rates.csv, line 3: a flow that an earlier line has already"),
        ("IND,USA,C21,\n", "rates.csv, line 2: no rate"),
        ("IND,USB,C21,0.1\n", "rates.csv, line 2: unknown country 'USB'"),
        ("IND,USA,C21,25\n", "rates.csv, line 2: rate is '25'; found 25, which is 2500 %; write '25 %'"),
    ],
)
def test_a_wrong_table_names_its_line(tmp_path: Path, world: Economy, text: str, message: str) -> None:
    (tmp_path / "rates.csv").write_text("origin,destination,sector,rate\n" + text)
    with pytest.raises(InputError, match=message):
        scenario(tmp_path, "instruments:\n  - {kind: tariff, add: {table: rates.csv}}\n").shock(world)


def test_a_table_takes_per_cent_and_may_be_named_like_its_scenario(tmp_path: Path, world: Economy) -> None:
    (tmp_path / "mine.csv").write_text("origin,destination,sector,rate\nIND,USA,C21,25 %\n   \n")
    written = scenario(tmp_path, "instruments:\n  - {kind: tariff, add: {table: mine.csv}}\n")
    shock = written.shock(world)
    cell = {"origin": "IND", "destination": "USA", "sector": "C21"}
    assert float((shock.tariff - world.tariff).sel(cell)) == pytest.approx(0.25)
    assert written.tables() == {"mine": None}


@pytest.mark.parametrize("date", ["2026-02-30", "20260101", "0", "2026", "soon"])
def test_a_date_is_a_day_of_the_calendar(tmp_path: Path, date: str) -> None:
    with pytest.raises(InvalidDocument, match=r"a value that cannot be read|write a date as 2025-08-27"):
        scenario(tmp_path, "instruments: []\n", f"title: T\nreference: R\ndate: {date}\n")


def test_control_characters_do_not_reach_a_terminal(tmp_path: Path) -> None:
    with pytest.raises(InvalidDocument, match="title"):
        scenario(tmp_path, "instruments: []\n", 'title: "\\e[31mred"\nreference: R\ndate: 2025-01-01\n')


def test_a_shock_with_a_hole_or_a_giveaway_is_refused(world: Economy) -> None:
    holed = world.tariff.copy(deep=True)
    holed.loc[{"origin": "IND", "destination": "USA", "sector": "C21"}] = np.nan
    with pytest.raises(MissingValue, match="tariff: no value .NaN. at IND USA C21"):
        entrepot.solve(world, Shock(tariff=holed))
    with pytest.raises(InvalidShock, match=r"iceberg_hat at AGO AGO A01, .* and \d+ more: found 0"):
        entrepot.solve(world, Shock(iceberg_hat=xr.zeros_like(world.tariff)))
    with pytest.raises(InvalidShock, match="use iceberg_hat = inf for an embargo"):
        entrepot.solve(world, Shock(tariff=xr.full_like(world.tariff, np.inf)))


def test_the_shipped_case_carries_the_rates_in_force_on_its_day(world: Economy) -> None:
    case = entrepot.load_scenario("us-tariffs-on-india-2025")
    shock = case.shock(world)
    assert shock.tariff is not None
    raised = (shock.tariff - world.tariff).sel(origin="IND", destination="USA")
    assert float(raised.sel(sector="C13T15")) == pytest.approx(0.5)  # covered goods: 25 + 25 points
    assert float(raised.sel(sector="C19")) < 2e-6  # Annex II: refined petroleum; oils in cans, by their metal
    assert float(raised.sel(sector="C21")) == pytest.approx(0.0057, abs=1e-4)  # nearly all exempt
    assert float(raised.sel(sector="SERVICES")) == 0.0
    others = (shock.tariff - world.tariff).drop_sel(origin="IND")
    assert float(abs(others).max()) == 0.0
    assert [*case.tables()] == [
        "us-imports-2024",
        "us-lists-2026",
        "us-metal-lists-2025",
        "us-metal-content",
        "us-usmca-claims",
    ]


def test_a_scenario_is_adapted_by_parameters_day_and_option_at_once() -> None:
    scenario = entrepot.load_scenario("oil-penalty-trade-off")
    name = next(iter(scenario.parameters))
    adapted = scenario.adapted(on="2025-09-01", parameters={name: "5 %"}, option="stop")
    step_by_step = scenario.with_parameters(**{name: "5 %"}).on("2025-09-01").option("stop")
    assert adapted == step_by_step
    assert adapted.name == step_by_step.name
    assert scenario.adapted() is scenario
    with pytest.raises(UnknownLabel, match="no option 'go'"):
        scenario.adapted(option="go")


@pytest.mark.parametrize("name", shipped.names("scenarios"))
def test_what_a_scenario_says_of_a_base_year_names_the_economy(name: str) -> None:
    summary = entrepot.load_scenario(name).summary or ""
    for sentence in re.split(r"(?<=\.) ", summary):
        if re.search(r"\b2022\b|base-year table|that table", sentence):
            assert "icio2022" in sentence


def test_the_trade_of_india_and_russia_is_what_the_scenarios_say(world: Economy) -> None:
    newer = entrepot.load_economy("icio2022-india-russia-2025")

    def bought(economy: Economy, seller: str, buyer: str, sectors: list[str]) -> float:
        return float(economy.trade.sel(origin=seller, destination=buyer, sector=sectors).sum()) * economy.billions

    before, after = (bought(economy, "RUS", "IND", economy.goods) for economy in (world, newer))
    assert before < after / 2
    assert before - bought(world, "IND", "RUS", world.goods) < after - bought(newer, "IND", "RUS", world.goods)
    crude = bought(world, "RUS", "IND", ["B06"])
    assert round(crude) == 11
    assert crude / bought(newer, "RUS", "IND", ["B06"]) == pytest.approx(0.2, abs=0.03)
