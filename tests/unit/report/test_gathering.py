"""What a joined brief stands on equals the same done by hand, and its sentences follow the numbers."""

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

import entrepot
from entrepot.brief.results import BriefResults
from entrepot.brief.run import gather
from entrepot.core.errors import InputError, InvalidDocument
from entrepot.economy.closure import standard_closures
from entrepot.economy.economy import Economy
from entrepot.report.answers.ensemble import range_sentence
from entrepot.report.answers.why import why_sentence
from entrepot.report.kit.wording import NO_BREAK, decimals_for, tight
from entrepot.report.pages.joined_brief import joined_brief_html
from entrepot.report.pages.summary import answers, spread_sentence

pytestmark = pytest.mark.slow

HEAD = """title: <script>alert("t")</script>
question: <b>Q</b> & A
reference: R
date: 2025-08-21
summary: S
country: IND
"""
SMALL = f"""{HEAD}
scenarios:
  - name: us-tariffs-on-india-2025
    label: <i>L</i>
    dates: [2025-08-07, 2025-08-27]
    beside: us-tariffs-on-india-2025-by-line
  - name: own.yaml
    label: <u>choice</u>
sensitivity:
  - {{of: "trade:IND:USA:textiles", by: tariff, sectors: goods, top: 3}}
uncertainty:
  - {{scenario: us-tariffs-on-india-2025, vary: "theta:C26", of: "real_income:IND", draws: 4}}
"""
CHOICE = """title: </svg><script>alert(1)</script>
reference: R
date: 2025-08-27
parameters:
  rate: {value: 5 %, from: 0, to: 10 %, what: "<b>rate</b>"}
options:
  one: {title: "<script>one</script>", instruments: [{kind: tariff, add: $rate, origin: USA, destination: IND, sector: pharma}]}
  two: {title: two & more, instruments: [{kind: tariff, add: 2 %, origin: USA, destination: IND, sector: pharma}]}
question: {outcome: "real_income:IND", over: rate}
"""  # noqa: E501


def written(folder: Path, text: str) -> entrepot.Brief:
    (folder / "own.yaml").write_text(CHOICE, encoding="utf-8")
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    return entrepot.load_brief(folder / "mine.yaml")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> BriefResults:
    return gather(written(tmp_path_factory.mktemp("brief"), SMALL))


def test_each_part_equals_the_same_done_by_hand(small: BriefResults, world: Economy, case: entrepot.Result) -> None:
    first = small.simulations[0]
    assert first.result is not None
    assert float(first.result.real_income_hat.sel(country="IND")) == pytest.approx(
        float(case.real_income_hat.sel(country="IND")), abs=1e-9
    )
    by_line = entrepot.load_scenario("us-tariffs-on-india-2025-by-line").on("2025-08-07")
    hat = float(entrepot.solve(world, by_line).real_income_hat.sel(country="IND"))
    assert first.days is not None
    assert first.days["income_beside"].iloc[0] == pytest.approx(100 * (hat - 1), abs=1e-7)
    flow = {"origin": "IND", "destination": "USA", "sector": case.economy.goods}
    trade = case.economy.trade.sel(flow)
    duty = 100 * float((case.tariff_cf.sel(flow) * trade).sum() / trade.sum())
    assert first.days["duty"].iloc[1] == pytest.approx(duty)
    assert set(small.rankings[0].table["sector"]) == {"C13T15"}
    fan = entrepot.uncertainty(
        world,
        entrepot.load_scenario("us-tariffs-on-india-2025"),
        inputs="theta:C26",
        draws=4,
        outcomes="real_income:IND",
    )
    assert small.spreads[0].answer.table["real_income:IND"].tolist() == fan.table["real_income:IND"].tolist()
    assert len(small.spreads[0].papers) == 6
    assert list(small.spreads[0].rules.columns) == list(standard_closures())


def test_a_scenario_has_the_range_and_the_reasons_that_it_has_alone(small: BriefResults, world: Economy) -> None:
    first, choice = small.simulations
    assert first.ensemble is not None
    scenario = entrepot.load_scenario("us-tariffs-on-india-2025")
    alone = entrepot.ensemble(world, scenario, ["real_income:IND", "real_income:USA"])
    pd.testing.assert_frame_equal(first.ensemble.values, alone.values, rtol=1e-8)
    assert [one.word for one in first.reasons] == ["IND", "USA"]
    pd.testing.assert_series_equal(
        first.reasons[0].terms, entrepot.why(entrepot.solve(world, scenario), "IND").terms, rtol=1e-6
    )
    assert choice.ensemble is None
    assert choice.reasons == ()
    page = joined_brief_html(small)
    for one in alone.outcomes:
        assert range_sentence(alone, one.text) in page
    assert all(tight(why_sentence(one)) in page for one in first.reasons)
    assert page.count("<b>Why.</b>") == page.count("<b>How sure.</b>") == 1
    assert page.count('class="strip"') == 2


def test_parts_that_the_file_leaves_out_are_left_out_of_the_page(small: BriefResults) -> None:
    page = joined_brief_html(small)
    assert [one.heading for one in answers(small)] == ["<i>L</i>", "Policy options", "Uncertainty"]
    assert 'id="simulations"' in page
    assert 'id="statements"' not in page
    assert 'id="goals"' not in page


def test_texts_of_files_are_escaped_everywhere_charts_included(small: BriefResults) -> None:
    page = joined_brief_html(small)
    for hostile in ("<script", "</svg><script", "<i>L", "<u>choice", "<b>rate", "<b>Q"):
        assert hostile not in page
    assert "&lt;script&gt;alert" in page
    assert "&lt;script&gt;one&lt;/script&gt;" in page


def test_sentences_follow_the_sign_of_the_numbers(small: BriefResults) -> None:
    spread = small.spreads[0]
    assert "Real income of India: −0.22" in spread_sentence(spread)
    fan = spread.answer.fan.copy()
    columns = ["p5", "p25", "median", "p75", "p95", "default"]
    fan[columns] = 2 - fan[columns]
    turned = dataclasses.replace(spread, papers=-spread.papers, rules=-spread.rules)
    object.__setattr__(turned, "answer", _With(spread.answer, fan))
    said = spread_sentence(turned)
    assert "Real income of India: +0.22" in said
    assert "−" not in said


class _With:
    """Draws with another fan."""

    def __init__(self, answer: object, fan: object) -> None:
        self._answer, self.fan = answer, fan

    def __getattr__(self, name: str) -> object:
        return getattr(self._answer, name)


ELSEWHERE = """title: T
reference: R
date: 2025-08-27
focus: {exporter: CHN, importer: USA}
instruments:
  - {kind: tariff, add: 10 %, origin: CHN, destination: USA, note: an act}
"""
MORE = "  - {kind: tariff, add: 10 %, origin: USA, destination: CHN}\n"


def test_a_brief_leads_with_its_country_and_says_which_scenarios_build_on_the_first(tmp_path: Path) -> None:
    scenarios = {"first": ELSEWHERE, "both": ELSEWHERE.replace(", note: an act", "") + MORE,
                 "later": ELSEWHERE.replace("08-27", "08-28"), "other": ELSEWHERE.replace("10 %", "11 %")}  # fmt: skip
    for name, text in scenarios.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    parts = "".join(f"  - {{name: {name}.yaml, label: {name}}}\n" for name in scenarios)
    found = gather(written(tmp_path, f"{HEAD}scenarios:\n{parts}"))
    result = found.simulations[0].result
    assert result is not None
    gain = 100 * float(result.real_income_hat.sel(country="IND")) - 100
    assert gain > 0.002
    said = answers(found)[0].sentences[0].text.replace(NO_BREAK, " ")
    assert said.startswith(f"India gains {gain:.{decimals_for(gain)}f} % of its real income, USD ")
    assert "China" in said
    assert [one.word for one in found.simulations[0].reasons] == ["IND", "USA"], "its own country, then who levies"
    page = joined_brief_html(found)
    assert "“both” includes the measures of “first”; its own contribution is the difference from that scenario." in page
    alone = dataclasses.replace(found, simulations=(found.simulations[0], *found.simulations[2:]))
    assert "own contribution" not in joined_brief_html(alone)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ('goals: [{title: G, target: "balance:IND:RUX=-1bn", using: "iceberg:IND:RUS"}]', "goals[0]: .*'RUX'"),
        ("best: [{title: B, government: INDIAA}]", r"best[0]: .*'INDIAA'"),
        ('sensitivity: [{of: "real_incom:IND"}]', "sensitivity[0]: no outcome 'real_incom'; nearest: real_income"),
        ('uncertainty: [{scenario: us-tariffs-world, vary: thetta, of: "real_income:IND"}]', "uncertainty[0]: nothing"),
    ],
)
def test_what_does_not_fit_the_base_year_is_told_with_the_line_that_asks_for_it(
    tmp_path: Path, part: str, message: str
) -> None:
    brief = written(tmp_path, f"{HEAD}{part}\n")
    with pytest.raises(InvalidDocument, match=r"mine.yaml, line 7: " + message.replace("[0]", r"\[0\]")) as told:
        gather(brief)
    assert "\n" not in str(told.value)


def test_a_country_that_the_base_year_does_not_have_is_refused(tmp_path: Path) -> None:
    brief = written(tmp_path, SMALL.replace("country: IND", "country: INX"))
    with pytest.raises(InvalidDocument, match="unknown country 'INX'; nearest: IND"):
        gather(brief)


def test_a_focus_is_for_one_scenario(small: BriefResults, tmp_path: Path) -> None:
    from entrepot.policy.scenario import Focus

    with pytest.raises(InputError, match="takes no focus"):
        entrepot.write_brief(small, tmp_path / "brief.html", focus=Focus(exporter="IND", importer="USA"))
    with pytest.raises(InputError, match="found draws=1"):
        gather(small.brief, draws=1)


@pytest.mark.parametrize(
    ("part", "headings"),
    [
        ("statements: [{name: india-russia-2025}]", ["Who is right"]),
        ("scenarios: [{name: own.yaml}]", ["Policy options"]),
        ("best: [{title: B, government: IND, by: uniform}]", ["Other policies"]),
        ('sensitivity: [{of: "balance:IND:RUS"}]', []),
    ],
)
def test_a_brief_of_one_part_is_a_page_too(tmp_path: Path, part: str, headings: list[str]) -> None:
    found = gather(written(tmp_path, f"{HEAD}{part}\n"))
    assert [one.heading for one in answers(found)] == headings
    page = joined_brief_html(found)
    assert all(f'href="#{one.anchor}"' in page for answer in answers(found) for one in answer.sentences)
    assert f'id="{part.partition(":")[0]}"' in page or part.startswith("scenarios")
