"""Options against a parameter: the curve is made of equilibria, the break-even is where two of them are equal."""

from pathlib import Path

import pytest

import entrepot
from entrepot.core.errors import InputError
from entrepot.economy.economy import Economy
from entrepot.report.answers import trade_off as report
from entrepot.study.trade_off import TradeOff, trade_off

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def answer(world: Economy) -> TradeOff:
    return trade_off(world, entrepot.load_scenario("oil-penalty-trade-off"), points=4)


def test_the_break_even_discount_leaves_india_as_well_off_either_way(world: Economy, answer: TradeOff) -> None:
    (crossing,) = answer.crossings
    assert (crossing.below, crossing.above) == ("stop", "keep")
    assert 0.005 < crossing.at < 0.02
    scenario = entrepot.load_scenario("oil-penalty-trade-off").with_parameters(discount=crossing.at)
    stop, keep = (
        float(entrepot.solve(world, scenario.option(name)).real_income_hat.sel(country="IND"))
        for name in ("stop", "keep")
    )
    assert stop == pytest.approx(keep, abs=1e-9)


def test_the_curve_is_made_of_equilibria(world: Economy, answer: TradeOff) -> None:
    assert list(answer.curve.index) == pytest.approx([0, 0.1, 0.2, 0.3])
    assert answer.curve["stop"].nunique() == 1  # stopping does not depend on the discount
    assert answer.curve["keep"].is_monotonic_increasing
    case = entrepot.solve(world, entrepot.load_scenario("us-tariffs-on-india-2025-by-line"))
    without_discount = float(case.real_income_hat.sel(country="IND"))
    assert answer.curve["keep"].iloc[0] == pytest.approx(without_discount, abs=1e-10)


def test_the_report_says_where_they_cross_and_draws_it(answer: TradeOff) -> None:
    assert report.headline(answer).startswith("The break-even discount on Russian crude is 1.0 %: below it “stop")
    under = report.document(answer)["break_even_under"]
    assert 0.02 < under["scaled"][0]["at"] < 0.03 < under["zero"][0]["at"] < 0.08
    assert "at 2.4 % with deficits scaled" in report.robustness(answer)
    assert "at 6.6 % with deficits zero" in report.robustness(answer)
    assert report.document(answer)["break_even"][0]["at"] == pytest.approx(answer.crossings[0].at)
    drawn = report.drawing(report.table(answer), {"stop": "A", "keep": "B"}, answer.outcome)
    assert drawn.count("A") > 20
    assert drawn.splitlines()[0].rstrip().endswith("B")
    page = report.page_html(answer)
    assert "<svg" in page
    assert "http" not in page.replace("http://www.w3.org", "")


OPTIONS = """\
title: T
reference: R
date: 2025-01-01
parameters: {cut: {value: -10 %, from: -20 %, to: 0, what: a cut}}
options:
  a: {title: A, instruments: [{kind: iceberg, change: $cut, origin: IND, destination: RUS}]}
  b: {title: B, instruments: [{kind: tariff, add: 0, origin: IND, destination: RUS}]}
"""
QUESTION = "question: {outcome: 'balance:IND:RUS', over: cut}\n"


def load(folder: Path, text: str) -> entrepot.Scenario:
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    return entrepot.load_scenario(folder / "mine.yaml")


def test_one_option_may_be_best_throughout_and_values_are_in_money(tmp_path: Path, world: Economy) -> None:
    answer = trade_off(world, load(tmp_path, OPTIONS + QUESTION), points=3)
    assert answer.crossings == ()
    assert "is better throughout, with a cut from -20 to 0 %" in report.headline(answer)
    assert report.unit(answer) == "USD billion"
    assert answer.curve["b"].iloc[0] == pytest.approx(float(answer.results["b"].outcome("balance:IND:RUS")))


def test_the_options_of_a_scenario_are_scenarios(tmp_path: Path, world: Economy) -> None:
    scenario = load(tmp_path, OPTIONS + QUESTION)
    with pytest.raises(InputError, match="mine has the options a, b; choose one"):
        entrepot.solve(world, scenario)
    with pytest.raises(InputError, match="mine: no option 'c'"):
        scenario.option("c")
    assert scenario.option("a").title == "T: A"
    assert scenario.option("a").name == scenario.option("a").with_parameters(cut=-0.05).name == "mine, a"
    broken = load(tmp_path, OPTIONS.replace("destination: RUS}]}\n  b", "destination: RUSS}]}\n  b") + QUESTION)
    with pytest.raises(InputError, match=r"mine.yaml, line 6: options.a.instruments\[0\]: unknown country 'RUSS'"):
        broken.option("a").shock(world)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (OPTIONS, "mine asks no question"),
        (OPTIONS + QUESTION.replace("cut", "cat"), "a question needs options, and a parameter 'cat'"),
        (OPTIONS.replace("from: -20 %, to: 0, ", "") + QUESTION, "the parameter 'cut' needs a range"),
        (OPTIONS.split("  b:", maxsplit=1)[0] + QUESTION, "one option is no choice"),
        (OPTIONS + QUESTION.replace("balance:", "balanced:"), "no outcome 'balanced'; nearest: balance"),
    ],
)
def test_a_question_without_answer_is_told(tmp_path: Path, world: Economy, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        trade_off(world, load(tmp_path, text))


def test_lower_prices_are_better_unless_it_is_said_otherwise(tmp_path: Path, world: Economy) -> None:
    question = "question: {outcome: 'consumer_price:RUS', over: cut}\n"
    lower = trade_off(world, load(tmp_path, OPTIONS + question), points=3)
    higher = trade_off(world, load(tmp_path, OPTIONS + question.replace("}", ", better: higher}")), points=3)
    best = [str((sign * one.curve.iloc[0]).idxmax()) for sign, one in ((-1, lower), (1, higher))]
    assert best[0] != best[1]
    assert lower.scenario.question is not None
    assert (lower.scenario.question.sign, higher.scenario.question.sign) == (-1, 1)  # type: ignore[union-attr]


def test_what_todays_volume_of_crude_changes(world: Economy) -> None:
    scenario = entrepot.load_scenario("oil-penalty-trade-off").with_parameters(volume=-0.15)
    answer = trade_off(world, scenario, points=3)
    assert answer.crossings == ()  # keeping is better at every discount
    bought = answer.results["keep"].trade_cf.sel(origin="RUS", destination="IND", sector="B06")
    assert float(answer.curve["keep"].iloc[0]) > float(answer.curve["stop"].iloc[0])
    assert float(bought) > 50_000
