import pytest

from entrepot.equilibrium.result import Result
from entrepot.policy.scenario import Focus
from entrepot.report.kit.map_shapes import stencil_of
from entrepot.report.result import panels, tables

FOCUS = Focus(exporter="IND", importer="USA")


@pytest.mark.slow
def test_every_economy_with_a_place_is_on_the_map_once_and_shaded_by_its_change(case: Result) -> None:
    ranking = tables.ranking(case)
    drawn = panels.world_map(case, ranking)
    shaded = {land.shape.code: land for land in drawn.lands if land.shade is not None}
    assert set(shaded) == set(case.economy.countries) - {"ROW"}
    for code, land in shaded.items():
        change = ranking.loc[code, "real_income_pct"]
        assert land.shade is not None
        assert (land.shade < 4 and change < 0) or (land.shade > 4 and change > 0) or land.shade == 4
        assert land.says.startswith(case.economy.countries[code])
    assert shaded["IND"].shade == 0
    assert len(drawn.legend) == 9
    assert sum(land.shape.dot for land in drawn.lands) == 4


def test_outlines_are_drawn_once() -> None:
    import entrepot

    assert stencil_of(entrepot.load_economy()) is stencil_of(entrepot.load_economy())


def test_bars_are_shares_of_the_longest_with_the_sign_of_the_change(case: Result) -> None:
    rows = panels.ranked(tables.ranking(case))
    assert [row.code for row in rows] == list(case.countries.index)
    assert max(abs(row.length) for row in rows) == pytest.approx(1)
    assert rows[0].code == "IND"
    assert rows[0].length == -1
    assert rows[0].tone == "fall"
    assert rows[-1].tone == "rise"
    few, every = panels.ends(rows, 16)
    assert few == [*rows[:8], *rows[-8:]]
    assert every == rows
    assert panels.ends(few, 16) == (few, [])


def test_flows_before_and_after_are_those_of_the_tables(case: Result) -> None:
    table = tables.suppliers(case, FOCUS)
    rows = panels.diversion(case, FOCUS)
    assert "USA" not in {row.code for row in rows}
    largest = max(max(table.loc[row.code, ["before_bn", "after_bn"]]) for row in rows)
    for row in rows:
        assert row.before * largest == pytest.approx(table.loc[row.code, "before_bn"])
        assert row.after * largest == pytest.approx(table.loc[row.code, "after_bn"])
    assert rows[0].code == "IND"
    assert rows[0].texts[0] == "86.5"


def test_rounding_errors_are_no_bars() -> None:
    import entrepot

    economy = entrepot.load_economy()
    result = entrepot.solve(economy, entrepot.Shock())
    rows = panels.ranked(tables.ranking(result))
    assert all(abs(row.length) < 1e-6 for row in rows)
    assert panels.diversion(result, FOCUS) == []
    assert {land.shade for land in panels.world_map(result, tables.ranking(result)).lands} == {4, None}


def test_tiles_say_what_the_headline_says(case: Result) -> None:
    tiles = panels.tiles(case, FOCUS)
    assert [tile.number.replace("\N{NO-BREAK SPACE}", " ") for tile in tiles[:3]] == ["−0.22 %", "−0.02 %", "−70 %"]
    assert tiles[0].tone == "fall"
