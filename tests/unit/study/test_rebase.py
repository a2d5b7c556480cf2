"""A base year brought to newer flows: the flows are there, and every identity still holds."""

from pathlib import Path

import pytest

import entrepot
from economies import random_economy
from entrepot.core.errors import InputError
from entrepot.economy.economy import Economy
from entrepot.economy.load import shipped_economies

pytestmark = pytest.mark.slow


def test_the_shipped_recipe_has_the_flows_of_its_year() -> None:
    economy = entrepot.load_economy("icio2022-india-russia-2025")
    solved = entrepot.solve(economy, entrepot.Shock())
    assert solved.steps == 1  # it is an equilibrium, not a painted-over table
    flows = {"trade:RUS:IND:B06": 50_280, "trade:RUS:IND:goods": 63_810, "trade:IND:RUS:goods": 4_880}
    for outcome, value in flows.items():
        assert solved.outcome(outcome) == pytest.approx(value, rel=1e-8)
    assert economy.closed
    assert economy.name == "icio2022-india-russia-2025"
    assert economy.provenance is not None
    assert "TradeStat" in economy.provenance.source
    assert "RUS:IND:B06 from 10.97 to 50.28" in economy.notes[-1]
    assert "icio2022-india-russia-2025" in shipped_economies()


def test_rebasing_moves_only_what_trade_costs_move(world: Economy) -> None:
    newer = world.rebased({"IND:RUS:goods": "4.88 billion"})
    assert float(newer.trade.sel(origin="IND", destination="RUS").sum()) > float(
        world.trade.sel(origin="IND", destination="RUS").sum()
    )
    assert newer.input_share.equals(world.input_share)
    assert newer.tariff.equals(world.tariff)
    assert float(abs(newer.deficit - world.deficit).max()) < 1e-6 * float(world.income.max())
    assert float(newer.value_added.sum()) == pytest.approx(float(world.value_added.sum()), rel=1e-10)


def test_nothing_to_move_moves_nothing() -> None:
    economy = random_economy(5, zeros=0.0)
    same = float(economy.trade.sel(origin="C0", destination="C1").sum()) * economy.billions
    newer = economy.rebased({"C0:C1": f"{same:.15f} billion"})
    assert float(abs(newer.trade - economy.trade).max()) < 1e-7 * float(economy.trade.max())


@pytest.mark.parametrize(
    ("flows", "message"),
    [
        ({}, "no flows to bring up to date"),
        ({"C0:C9": "1 billion"}, "unknown country 'C9'"),
        ({"C0:C1": "12"}, "write a sum as '30 billion'"),
        ({"C0": "1 billion"}, "write a flow as ORIGIN:DESTINATION:SECTORS"),
        ({"all:C1": "1 billion"}, "all:C1: C1 on both sides, and sales at home are no trade"),
        ({"C0:C1": "0 million"}, "any value above zero"),
        ({"C0:C1": "+50 %"}, "write a sum"),
        ({"C0:C1": "1 million", "C0:C1:all": "1 million"}, "the same flow as C0:C1"),
        ({"C0:C1:s0": "0.002 billion", "C0:C1": "0.001 billion"}, "no trade costs bring all flows to their values"),
    ],
)
def test_flows_that_cannot_be_are_refused(flows: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        random_economy(5, zeros=0.0).rebased(flows)


def test_a_recipe_of_ones_own_is_a_file_and_its_faults_are_located(tmp_path: Path) -> None:
    text = (
        'title: Mine\nsource: My own\nlicence: none\nyear: "2024"\nunit: USD million\nof: icio2022\n'
        "flows:\n  IND:RUS:goods: 4.88 billion\n"
    )
    good = tmp_path / "mine.yaml"
    good.write_text(text, encoding="utf-8")
    made = entrepot.load_economy(good)
    assert made.name == "mine"
    bad = tmp_path / "bad.yaml"
    bad.write_text(text.replace("of: icio2022", "of: icio1922"), encoding="utf-8")
    with pytest.raises(InputError, match="of: found 'icio1922'; name a shipped economy"):
        entrepot.load_economy(bad)
    bad.write_text(text.replace("IND:RUS:goods", "IND:RUX:goods"), encoding="utf-8")
    with pytest.raises(InputError, match=r"bad.yaml, line 8: .*unknown country 'RUX'"):
        entrepot.load_economy(bad)
    bad.write_text(text.replace("4.88 billion", "four billion"), encoding="utf-8")
    with pytest.raises(InputError, match=r"bad.yaml, line 8: .*found 'four billion'; write a sum"):
        entrepot.load_economy(bad)
    bad.write_text(text.replace("flows:\n  IND:RUS:goods: 4.88 billion\n", "flow: {}\n"), encoding="utf-8")
    with pytest.raises(InputError, match="bad.yaml"):
        entrepot.load_economy(bad)
