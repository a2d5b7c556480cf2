"""What happened against what the model says: recorded scores, and claims of which some fail.

A claim that fails is a strict expected failure with its reason: one that begins to hold is noticed. Scores are recorded
in scores.csv; a change of one is a change of behaviour and needs a line in CHANGELOG.md.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import entrepot
from entrepot.core.errors import InvalidDocument
from entrepot.data import shipped
from entrepot.study.backtests.backtest import Backtest, backtest
from entrepot.study.backtests.event import load_event
from entrepot.study.backtests.frozen import predictions

EVENTS = [name for name in shipped.names("backtests") if load_event(name).design != "frozen"]
KEYS = ["event", "series", "to", "rates", "variant"]
RECORDED = Path(__file__).parent / "scores.csv"


@cache
def held(name: str) -> Backtest:
    return backtest(name)


def marked(name: str, claim: str, expected: str, why: str) -> object:
    marks = [pytest.mark.xfail(strict=True, reason=why)] if expected == "fails" else []
    return pytest.param(name, claim, marks=marks, id=f"{name}:{claim}")


@pytest.mark.parametrize(
    ("name", "claim"),
    [marked(name, one.id, one.expected, one.why) for name in EVENTS for one in load_event(name).claims],
)
def test_a_claim_holds(name: str, claim: str) -> None:
    found = next(one for one in held(name).verdicts if one.claim.id == claim)
    assert found.outcome == "holds", f"{found.claim.says}: {found.values}"


@pytest.mark.parametrize("name", EVENTS)
def test_scores_are_those_recorded(name: str) -> None:
    recorded = pd.read_csv(RECORDED, dtype={"to": str}, keep_default_na=False, na_values=[""])
    mine = recorded[recorded["event"] == name].set_index(KEYS)
    found = held(name).scores.assign(event=name, to=lambda table: table["to"].astype(str)).set_index(KEYS)
    assert list(found.index) == list(mine.index)
    for column in mine.columns:
        np.testing.assert_allclose(found[column], mine[column], rtol=1e-6, atol=1e-6, err_msg=column)


# What an independent measurement of the same war found, to the digits that it printed: slope and error by law at the
# default elasticities and at 0.38 of them, and at 0.38 by what was collected.
ELSEWHERE = {
    ("Census", 2018): ((-0.01, 3.5), (-0.01, 2.0), (-0.08, 1.7)),
    ("Census", 2019): ((0.44, 1.19), (0.82, 0.55), (1.02, 0.58)),
    ("Census", 2020): ((0.45, 1.14), (0.82, 0.63), (1.14, 0.66)),
    ("Census", 2024): ((1.02, 0.46), (1.85, 0.64), (2.28, 0.72)),
    ("ICIO", 2018): ((-0.12, 1.8), (-0.22, 1.3), (-0.34, 1.2)),
    ("ICIO", 2019): ((0.34, 1.56), (0.63, 0.81), (0.75, 0.77)),
    ("ICIO", 2021): ((0.21, 2.09), (0.37, 1.20), (0.44, 1.06)),
    ("ICIO", 2022): ((0.42, 1.18), (0.74, 0.83), (0.87, 0.83)),
}


@pytest.mark.parametrize(("series", "year"), ELSEWHERE)
def test_the_tariff_war_is_as_another_measurement_found_it(series: str, year: int) -> None:
    scores = held("tariff-war-us-from-china").scores.set_index(["series", "to", "rates", "variant"])
    cases = (("statutory", "long-run"), ("statutory", "years-2-3"), ("collected", "years-2-3"))
    for (rates, variant), (slope, error) in zip(cases, ELSEWHERE[series, year], strict=True):
        found = scores.loc[series, year, rates, variant]
        # in the first year slopes are noise around nothing, and theirs are printed to one digit
        assert found["slope"] == pytest.approx(slope, abs=0.035 if year == 2018 else 0.012)
        assert found["error"] == pytest.approx(error, abs=0.06 if year == 2018 else 0.012)


def test_who_sold_in_chinas_place_is_as_another_measurement_found_it() -> None:
    rows = held("tariff-war-diversion").rows
    census = rows[(rows["series"] == "Census")].set_index(["to", "variant", "what"])
    for year, said in {
        2019: {"VNM": (0.70, 0.17, 0.23), "MEX": (1.30, 0.69, 1.41), "TWN": (0.41, 0.14, 0.23),
               "KOR": (0.04, 0.15, 0.41), "CAN": (0.03, 0.25, 0.73)},
        2024: {"VNM": (2.77, 0.45, 0.33), "MEX": (2.48, 1.88, 1.59), "TWN": (1.78, 0.38, 0.27),
               "KOR": (1.06, 0.40, 0.42), "CAN": (0.66, 0.61, 0.92)},
    }.items():  # fmt: skip
        for origin, (observed, proportional, model) in said.items():
            assert census.loc[(year, "long-run", origin), "observed"] == pytest.approx(observed, abs=0.006)
            assert census.loc[(year, "proportional", origin), "predicted"] == pytest.approx(proportional, abs=0.006)
            assert census.loc[(year, "long-run", origin), "predicted"] == pytest.approx(model, abs=0.012)


def test_the_us_share_of_chinese_imports_is_as_another_measurement_found_it() -> None:
    scores = held("tariff-war-china-from-us").scores.set_index(["to", "variant"])
    for (year, variant), (observed, said, slope, error) in {
        (2019, "long-run"): (-1.95, -3.40, 0.54, 0.93), (2019, "years-2-3"): (-1.95, -2.06, 0.81, 0.71),
        (2022, "years-2-3"): (-1.44, -2.23, 0.53, 0.97),
    }.items():  # fmt: skip
        found = scores.loc[(year, variant), ["observed", "predicted", "slope", "error"]]
        assert list(found) == pytest.approx([observed, said, slope, error], abs=0.012)


def test_frozen_predictions_are_those_that_were_frozen_and_are_scored_when_outcomes_come(tmp_path: Path) -> None:
    event = load_event("us-duties-2025")
    said = predictions(event)
    assert said["period"].min() == "2025-01"
    assert said["origin"].nunique() == 80
    assert {*said["horizon"]} == {"long-run", "years-2-3"}
    assert backtest("us-duties-2025").awaiting
    spoilt = event.model_copy(update={"sha256": "0" * 64})
    with pytest.raises(InvalidDocument, match="was frozen; install it again"):
        predictions(spoilt)
    # outcomes that are what was predicted have a slope of one; those of half the size a slope of a half
    mine = said[(said["horizon"] == "long-run") & (said["period"] == "2025-09") & (said["sector"] == "C13T15")]
    outcomes = tmp_path / "outcomes.csv"
    base = 100.0
    pd.DataFrame(
        {"period": "2025-09", "origin": mine["origin"], "sector": "C13T15", "value_from": base,
         "value_to": base * mine["growth"]}
    ).to_csv(outcomes, index=False)  # fmt: skip
    scored = backtest("us-duties-2025", outcomes).scores.set_index("variant")
    assert scored.loc["long-run", "slope"] == pytest.approx(1.0, abs=1e-6)
    assert scored.loc["long-run", "error"] < 1e-4
    assert scored.loc["years-2-3", "slope"] > 1.2
    outcomes.write_text("period,origin,sector,value_from,value_to\n2031-01,IND,C26,1,1\n", encoding="utf-8")
    with pytest.raises(InvalidDocument, match="period 2031-01 was not predicted"):
        backtest("us-duties-2025", outcomes)
    with pytest.raises(InvalidDocument, match="only frozen predictions take others"):
        backtest("agreements", outcomes)


def test_an_event_says_what_its_design_needs(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("title: T\nreference: R\nsummary: S\ndesign: share\neconomy: icio2017\n", encoding="utf-8")
    with pytest.raises(InvalidDocument, match="mine.yaml.*a design of share needs importer, origin, duties, observed"):
        load_event(path)
    with pytest.raises(entrepot.InputError, match="no 'tariff-war' among the shipped backtests"):
        backtest("tariff-war")
