"""Results that hinge on what the base year gets wrong say so: implausible tariffs, flows that did not exist."""

import entrepot
from entrepot.brief.single import BriefData
from entrepot.economy.economy import Economy
from entrepot.equilibrium.summary.focus import focus_of
from entrepot.policy.load import load_scenario
from entrepot.report.answer import answer_for
from entrepot.report.pages.single_brief import brief_html

HEAD = {"title": "A change", "reference": "An example", "date": "2025-08-27"}
EASIER = {"kind": "iceberg", "change": "-10 %", "origin": "IND", "destination": "RUS", "sector": "pharma"}


def remarks(world: Economy, **change: object) -> list[str]:
    result = entrepot.solve(world, load_scenario({**HEAD, "instruments": [{**EASIER, **change}]}))
    return list(answer_for(result).document()["remarks"])


def test_russias_tariffs_are_doubted_where_the_change_is_about_its_imports(world: Economy) -> None:
    assert any("Russia's tariffs are rough estimates" in one for one in remarks(world))
    assert not any("rough estimates" in one for one in remarks(world, origin="RUS", destination="IND"))


def test_a_seller_without_its_buyers_finds_no_new_ones_and_the_result_says_so(world: Economy) -> None:
    embargo = {"kind": "embargo", "origin": "RUS", "destination": ["EU27", "GBR", "USA", "JPN"], "sector": "B06"}
    result = entrepot.solve(world, load_scenario({**HEAD, "instruments": [embargo]}))
    said = [one for one in answer_for(result).document()["remarks"] if "loses the buyers of" in one]
    assert len(said) == 1
    assert said[0].startswith("Russia loses the buyers of ")
    assert "Start from a base year that has the flow" in said[0]
    assert not any("loses the buyers" in one for one in remarks(world))


def test_a_brief_has_the_remarks_and_the_horizon_of_its_result(world: Economy) -> None:
    easier = load_scenario({**HEAD, "instruments": [EASIER]})
    pages = {}
    for model in ("caliendo_parro", "years_2_3"):
        result = entrepot.solve(world, easier, model=model)
        pages[model] = brief_html(BriefData(result), focus_of(result))
        assert "Russia&#39;s tariffs are rough estimates" in pages[model]
    assert "Long-run effects" in pages["caliendo_parro"]
    assert "Two to three years after the change" in pages["years_2_3"]
    assert "Long-run effects" not in pages["years_2_3"]
