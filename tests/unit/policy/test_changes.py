"""Changes as one line of text, and the scenarios that they make."""

import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import entrepot
from entrepot.core.changes import CHANGES, parse_change
from entrepot.core.errors import InputError, InvalidShock, UnknownLabel
from entrepot.data.documents import read_yaml
from entrepot.economy.economy import Economy
from entrepot.policy.scenario import Scenario
from entrepot.policy.writing import commented_yaml


@pytest.mark.parametrize(
    ("kind", "line", "instrument"),
    [
        ("tariff", "CHN:EU27:cars=+30%",
         {"kind": "tariff", "origin": "CHN", "destination": "EU27", "sector": "cars", "add": "30%"}),
        ("tariff", "CHN:EU27:cars=30%",
         {"kind": "tariff", "origin": "CHN", "destination": "EU27", "sector": "cars", "set": "30%"}),
        ("tariff", "IND : EU27 = 0%",
         {"kind": "tariff", "origin": "IND", "destination": "EU27", "sector": "all", "set": "0%"}),
        ("tariff", "MEX, CAN:USA:all=+25%",
         {"kind": "tariff", "origin": ["MEX", "CAN"], "destination": "USA", "sector": "all", "add": "25%"}),
        ("tariff", "CHN:USA=\N{MINUS SIGN}0.1",
         {"kind": "tariff", "origin": "CHN", "destination": "USA", "sector": "all", "add": -0.1}),
        ("export_tax", "CHN:all:C26=10%",
         {"kind": "export_tax", "origin": "CHN", "destination": "all", "sector": "C26", "set": "10%"}),
        ("ntb", "IND:RUS:textiles=-20%",
         {"kind": "iceberg", "origin": "IND", "destination": "RUS", "sector": "textiles", "change": "-20%"}),
        ("embargo", "RUS:EU27:C19",
         {"kind": "embargo", "origin": "RUS", "destination": "EU27", "sector": "C19"}),
        ("quota", "CHN:USA:steel=80%",
         {"kind": "quota", "origin": "CHN", "destination": "USA", "sector": "steel", "at_most": "80%",
          "rent": "importer"}),
        ("production_tax", "IND:C26=-5%", {"kind": "production_tax", "country": "IND", "sector": "C26", "add": "-5%"}),
        ("productivity", "IND=+5%", {"kind": "productivity", "country": "IND", "sector": "all", "change": "5%"}),
        ("transfer", "DEU:UKR=5bn", {"kind": "transfer", "payer": "DEU", "receiver": "UKR", "amount": "5bn"}),
    ],
)  # fmt: skip
def test_a_line_is_an_instrument(kind: str, line: str, instrument: dict[str, Any]) -> None:
    assert parse_change(kind, line) == instrument


@pytest.mark.parametrize("kind", list(CHANGES))
def test_the_example_of_every_kind_works(kind: str, world: Economy) -> None:
    scenario = Scenario.from_changes(**{kind: CHANGES[kind].example})
    fitted = scenario.on_economy(world)
    neutral = Scenario.from_changes(tariff="all:all:all=+0%").on_economy(world)
    moved = [name for name, array in vars(fitted.wedges).items() if (array != getattr(neutral.wedges, name)).any()]
    assert moved or fitted.limits


@pytest.mark.parametrize(
    ("kind", "line", "message"),
    [
        ("tariff", "CHN:EU27", "--tariff CHN:EU27: no amount; write it as ORIGIN:DESTINATION:SECTORS=+30%"),
        ("tariff", "CHN=+5%", "write it as ORIGIN:DESTINATION:SECTORS=+30%, the sectors may be left out"),
        ("tariff", "CHN::cars=+5%", "write it as"),
        ("tariff", "A:B:C:D=+5%", "write it as"),
        ("tariff", "CHN:EU27=lots", "the amount 'lots' is no rate; write per cent"),
        ("embargo", "RUS:EU27=5%", "found an amount"),
        ("transfer", "DEU,FRA:UKR=5bn", "goes from one country to another"),
    ],
)
def test_a_line_of_another_form_says_how_to_write_it(kind: str, line: str, message: str) -> None:
    with pytest.raises(InvalidShock) as error:
        parse_change(kind, line)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_what_is_wrong_later_names_the_line_too(world: Economy) -> None:
    with pytest.raises(InputError, match=r"^--tariff CHN:EU27=-150%: add is -150 %"):
        Scenario.from_changes(tariff="CHN:EU27=-150%")
    with pytest.raises(UnknownLabel, match=r"^--tariff Chinna:EU27=5%: unknown country 'Chinna'; nearest: CHN"):
        Scenario.from_changes(tariff=["CHN:EU27=5%", "Chinna:EU27=5%"]).on_economy(world)
    with pytest.raises(UnknownLabel, match="nearest: tariff"):
        Scenario.from_changes(tarif="CHN:EU27=5%")
    with pytest.raises(InvalidShock, match="no change is given"):
        Scenario.from_changes()


def test_lines_and_a_document_are_the_same_scenario(world: Economy) -> None:
    lines = Scenario.from_changes(tariff=["China:EU:cars=+30%", "EU27:CHN=+10%"], date="2026-01-01")
    document = {
        "title": "t", "reference": "r", "date": "2026-01-01",
        "instruments": [
            {"kind": "tariff", "origin": "CHN", "destination": "EU27", "sector": "C29", "add": 0.3},
            {"kind": "tariff", "origin": "EU27", "destination": "CHN", "add": 0.1},
        ],
    }  # fmt: skip
    one, other = (each.on_economy(world).wedges.tariff for each in (lines, entrepot.load_scenario(document)))
    assert (one == other).all()
    assert lines.date == datetime.date(2026, 1, 1)
    assert entrepot.load_scenario(document).content == document


def test_the_title_says_what_changes(world: Economy) -> None:
    scenario = Scenario.from_changes(tariff="China:EU:C29=30%")
    assert scenario.title == "30 % duty of the EU on Chinese motor vehicles"
    many = Scenario.from_changes(tariff=[f"CHN:{code}:C29=1%" for code in list(world.countries)[:5]])
    assert many.title.endswith("; 2 more changes")
    assert Scenario.from_changes(title="Mine", tariff="CHN:EU27=1%").title == "Mine"


def test_changes_are_added_to_a_scenario(world: Economy) -> None:
    shipped = entrepot.load_scenario("us-tariffs-on-india-2025")
    both = shipped.with_changes(tariff="CHN:EU27:cars=+30%")
    assert both.title == f"{shipped.title}; 30 points more duty of the EU on Chinese cars"
    added = both.on_economy(world).wedges.tariff - shipped.on_economy(world).wedges.tariff
    expected = Scenario.from_changes(tariff="CHN:EU27:cars=+30%").on_economy(world).wedges.tariff - world.tariff
    assert float(abs(added - expected).max()) < 1e-15
    assert both.on("2025-08-21").date == datetime.date(2025, 8, 21)
    assert len(both.on("2025-08-21").instruments) == len(both.instruments)


def _points(scenario: Scenario, world: Economy) -> np.ndarray:
    return np.asarray((scenario.on_economy(world).wedges.tariff - world.tariff).values)


def test_an_answer_in_kind_is_the_same_duty_the_other_way_round(world: Economy) -> None:
    alone = Scenario.from_changes(tariff="MEX,CAN:USA:all=+25%")
    points = _points(alone, world)
    assert np.allclose(_points(alone.with_answer("in-kind"), world), points + points.swapaxes(0, 1), atol=1e-15, rtol=0)
    assert alone.with_answer().title == f"{alone.title}, answered in kind"


def test_a_schedule_is_answered_in_kind_too(world: Economy) -> None:
    alone = entrepot.load_scenario("us-tariffs-on-india-2025")
    points = _points(alone, world)
    assert points.max() > 0.3
    assert np.allclose(_points(alone.with_answer(), world), points + points.swapaxes(0, 1), atol=1e-15, rtol=0)


def test_what_is_answered_already_has_no_further_answer(world: Economy) -> None:
    agreement = Scenario.from_changes(tariff=["IND:EU27=0%", "EU27:IND=0%", "CHN:USA=+5%"]).with_answer()
    assert [one.answer for one in agreement.instruments] == [None, None, "in-kind"]  # type: ignore[union-attr]
    with pytest.raises(InvalidShock, match="no import duty to answer"):
        Scenario.from_changes(embargo="RUS:EU27").with_answer()


def test_a_written_file_reads_back(tmp_path: Path, world: Economy) -> None:
    scenario = Scenario.from_changes(tariff="CHN,JPN:EU27:cars=+30%", transfer="DEU:UKR=5bn", date="2026-01-01")
    path = tmp_path / "own.yaml"
    path.write_text(commented_yaml(scenario, path.name), encoding="utf-8")
    again = entrepot.load_scenario(path)
    assert again.model_dump() == scenario.model_dump()
    assert "# 30 points more duty of the EU on cars from China and Japan" in path.read_text(encoding="utf-8")
    assert read_yaml(path).lines[("instruments", 1)] > read_yaml(path).lines[("instruments", 0)]


def test_a_reader_is_told_what_the_words_mean(world: Economy) -> None:
    scenario = Scenario.from_changes(tariff=["CHN:EU27:cars=+30%", "CHN:EU27:C26=+30%"])
    assert scenario.remarks() == ()
    assert scenario.remarks(world) == ("cars is read as C29: cars, trucks, buses and their parts together.",)
