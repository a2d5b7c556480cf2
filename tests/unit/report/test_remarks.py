"""Results that hinge on what the base year gets wrong say so: implausible tariffs, flows that did not exist."""

import entrepot
from entrepot.economy.economy import Economy
from entrepot.policy.load import load_scenario
from entrepot.report.answer import answer_for

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
