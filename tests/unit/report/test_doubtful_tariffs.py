"""Results that hinge on tariffs known to be implausible say so."""

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
