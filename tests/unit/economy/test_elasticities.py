from itertools import product
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import entrepot
from entrepot.core.errors import FileProblem, InvalidDocument, UnknownLabel
from entrepot.data import shipped
from entrepot.data.tables import read_table
from entrepot.economy.economy import Economy
from entrepot.equilibrium.sources import sources


def test_the_default_fills_its_gaps_by_rule_and_says_so(world: Economy) -> None:
    table = entrepot.load_elasticities()
    assert table.name == "fontagne_guimbard_orefice_2022_gtap"
    assert table.filled == {"B05": "4, from giri_yi_yilmazkuday_2021", "SERVICES": "5, the gap rule"}
    assert table.theta["B05"] == 4.0
    assert table.theta["SERVICES"] == 5.0
    assert table.theta["A01"] == pytest.approx(5.1499, abs=1e-4)
    assert world.elasticities is not None
    assert world.elasticities.name == table.name


@pytest.mark.parametrize("name", shipped.names("elasticities"))
def test_every_shipped_table_fits_the_shipped_economy(world: Economy, name: str) -> None:
    table = entrepot.load_elasticities(name)
    assert (table.theta > 0).all()
    assert table.provenance is not None
    other = world.with_theta(table)
    assert other.elasticities is table
    assert other.theta.to_series().equals(table.theta.rename("theta").loc[list(world.sectors)].rename_axis("sector"))


def own(folder: Path, rows: list[str]) -> Path:
    path = folder / "mine.csv"
    path.write_text("\n".join(["sector,theta,estimated_on", *(f"{row},trade_costs" for row in rows)]) + "\n")
    return path


def test_a_users_own_file_works(tmp_path: Path, world: Economy) -> None:
    path = own(tmp_path, [f"{sector},{3 + i / 10}" for i, sector in enumerate(reversed(world.sectors))])
    economy = entrepot.load_economy(elasticities=path)
    assert float(economy.theta.sel(sector="SERVICES")) == 3.0
    assert economy.elasticities is not None
    assert economy.elasticities.name == str(path)
    assert economy.elasticities.provenance is None


@pytest.mark.parametrize(
    ("rows", "error", "message"),
    [
        (["A01,4", "A1,4"], UnknownLabel, r"mine.csv: no sector A1 in the economy; nearest: A01.* lists its sectors"),
        (["A01,"], InvalidDocument, "mine.csv: no theta for A01"),
        (["A01,-4"], InvalidDocument, "mine.csv: theta is not positive for A01"),
    ],
)
def test_an_own_file_that_does_not_fit_is_refused(
    tmp_path: Path, rows: list[str], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        entrepot.load_economy(elasticities=own(tmp_path, rows))


@pytest.mark.parametrize(
    ("word", "code"),
    [("cars", "C29"), ("Motor vehicles", "C29"), ("c29", "C29"), ("Pharmaceuticals", "C21"), ("medicines", "C21"),
     ("HS 30", "C21"), ("hs 87.03", "C29"), ("services", "SERVICES"), ("coal", "B05")],
)  # fmt: skip
def test_a_sector_is_understood_by_its_name_or_product_code(
    tmp_path: Path, world: Economy, word: str, code: str
) -> None:
    economy = entrepot.load_economy(elasticities=own(tmp_path, [f"{word},7.5"]))
    changed = economy.theta.to_series()
    assert changed[code] == 7.5
    assert changed.drop(code).equals(world.theta.to_series().drop(code))
    note = next(one for one in economy.notes if "mine.csv" in one)
    assert note.startswith(f"Elasticities of {code} ({word}) are those of mine.csv; those of the other 27 sectors")


def test_a_workbook_with_a_name_for_every_sector_replaces_all(tmp_path: Path, world: Economy) -> None:
    import openpyxl

    from entrepot.data.words import name_of

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["sector", "theta", "se", "estimated_on"])
    for position, code in enumerate(world.sectors):
        sheet.append([name_of("sector", code).name, 3 + position / 10, 0.5, "trade_costs"])
    book.save(tmp_path / "mine.xlsx")
    economy = entrepot.load_economy(elasticities=tmp_path / "mine.xlsx")
    assert economy.theta.values == pytest.approx([3 + position / 10 for position in range(len(world.sectors))])
    assert economy.elasticities is not None
    assert economy.elasticities.se is not None
    assert (economy.elasticities.se.loc[list(world.sectors)] == 0.5).all()


@pytest.mark.parametrize(
    ("rows", "error", "message"),
    [
        (["petroleum,4"], UnknownLabel,
         r"mine.csv: sector 'petroleum' may mean B06 \(crude .*\) or C19 \(refined .*\); write the code of one"),
        (["HS 72.01.10,4"], UnknownLabel,
         r"mine.csv: HS 720110 is 4 % of C24A \(iron and steel\), too small a part .*; write C24A if"),
        (["HS 84,4"], UnknownLabel, r"mine.csv: sector 'HS 84' may mean C28 .* or C26 .*; write the code of one"),
        (["HS 98765,4"], UnknownLabel, r"mine.csv: .*HS.* 98765"),
        (["8703,4"], UnknownLabel, r"mine.csv: no sector 8703 in the economy; write HS 8703 for a product code"),
        (["carz,4"], UnknownLabel, r"mine.csv: no sector carz in the economy; nearest: .*C29"),
        (["cars,4", "C29,5"], InvalidDocument, r"mine.csv: cars and C29 both mean C29; keep one row"),
    ],
)  # fmt: skip
def test_a_word_that_means_no_single_sector_is_refused_with_candidates(
    tmp_path: Path, rows: list[str], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message) as told:
        entrepot.load_economy(elasticities=own(tmp_path, rows))
    assert len(str(told.value).splitlines()) == 1


def test_unknown_names_are_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownLabel, match="no 'uniform4' among the shipped elasticities; nearest: uniform_4"):
        entrepot.load_elasticities("uniform4")
    with pytest.raises(FileProblem, match="no file"):
        entrepot.load_elasticities("nowhere/theta.csv")
    with pytest.raises(UnknownLabel, match="no 'icio' among the shipped economies; nearest: icio2022"):
        entrepot.load_economy("icio")


def test_standard_errors_of_ones_own_are_kept_and_checked(tmp_path: Path, world: Economy) -> None:
    path = tmp_path / "mine.csv"
    rows = [f"{sector},4,{0.5 if sector == 'C26' else ''},trade_costs" for sector in world.sectors]
    path.write_text("\n".join(["sector,theta,se,estimated_on", *rows]))
    table = entrepot.load_elasticities(path)
    assert table.se is not None
    assert table.se["C26"] == 0.5
    assert table.se.drop("C26").isna().all()
    path.write_text(path.read_text().replace("0.5", "-0.5"))
    with pytest.raises(InvalidDocument, match="se is negative for C26"):
        entrepot.load_elasticities(path)


def test_other_elasticities_share_all_else_and_are_checked_like_the_first(world: Economy) -> None:
    known = world.trade_share
    other = world.with_theta(world.theta * 2)
    assert other.trade_share is known
    assert float(other.theta[0]) == 2 * float(world.theta[0])
    assert not other.theta.values.flags.writeable
    assert other.elasticities is None
    with pytest.raises(entrepot.InputError, match="theta is not positive at A01"):
        world.with_theta(world.theta * -1)


def test_a_table_of_three_sectors_overrides_the_default_and_says_which_are_whose(
    tmp_path: Path, world: Economy
) -> None:
    path = own(tmp_path, ["C26,9", "A01,3", "SERVICES,7"])
    economy = entrepot.load_economy(elasticities=path)
    expected = world.theta.to_series()
    expected[["C26", "A01", "SERVICES"]] = [9.0, 3.0, 7.0]
    assert economy.theta.to_series().equals(expected)
    table = economy.elasticities
    assert table is not None
    assert table.rest is world.elasticities or table.rest.name == world.elasticities.name  # type: ignore[union-attr]
    assert table.filled == {"B05": "4, from giri_yi_yilmazkuday_2021"}  # services are given, their rule is not used
    note = (
        "Elasticities of C26, A01, SERVICES are those of mine.csv; those of the other 25 sectors are those of table "
        "fontagne_guimbard_orefice_2022_gtap."
    )
    assert len(world.sectors) == 28
    assert economy.notes == (note,)
    assert economy.with_theta(entrepot.load_elasticities()).notes == ()
    assert economy.with_theta(4.0).notes == ()
    assert economy.with_theta(table).notes == (note,)
    result = entrepot.solve(economy, entrepot.Shock())
    assert {"fontagne_guimbard_orefice_2022_gtap", "giri_yi_yilmazkuday_2021"} <= set(sources(result))


def test_a_table_of_some_sectors_overrides_what_a_dataset_has_of_its_own(tmp_path: Path, world: Economy) -> None:
    small = world.aggregate(sectors=dict.fromkeys(world.goods, "GOODS"), theta=4.0)
    cube = xr.Dataset(small.accounts._asdict()).drop_vars(["final_share", "value_added"])
    cube.to_netcdf(tmp_path / "small.nc", engine="h5netcdf")
    economy = entrepot.load_economy(tmp_path / "small.nc", own(tmp_path, ["GOODS,6"]))
    assert economy.theta.to_series().to_dict() == {"GOODS": 6.0, "SERVICES": 4.0}
    assert economy.notes == (
        "Elasticities of GOODS are those of mine.csv; those of the other 1 sectors are those of the economy itself.",
    )


def test_standard_errors_of_some_sectors_stay_with_their_sectors(tmp_path: Path, world: Economy) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("sector,theta,se,estimated_on\nC26,9,0.5,trade_costs\nA01,3,,trade_costs\n")
    table = entrepot.load_economy(elasticities=path).elasticities
    assert table is not None
    assert table.se is not None
    assert list(table.se.index) == list(world.sectors)
    assert table.se.dropna().to_dict() == {"C26": 0.5}


def test_a_table_is_refused_as_an_economy(tmp_path: Path) -> None:
    path = own(tmp_path, ["A01,4"]).rename(tmp_path / "mine.xlsx")
    with pytest.raises(InvalidDocument, match=r"^mine.xlsx: a table is no economy; give a netCDF file .*elasticities$"):
        entrepot.load_economy(path)


def test_what_is_shipped_is_listed() -> None:
    listed = entrepot.elasticities()
    assert list(listed.index) == shipped.names("elasticities")
    assert listed.index[listed["default"]].tolist() == ["fontagne_guimbard_orefice_2022_gtap"]
    assert (listed["least"] <= listed["most"]).all()
    assert "icio2022" in entrepot.economies().index
    assert entrepot.economies().loc["icio2022", "year"] == "2022"
    assert list(entrepot.scenarios().index) == shipped.names("scenarios")


@pytest.mark.parametrize("name", shipped.names("elasticities"))
def test_a_double_difference_in_the_model_gives_the_published_coefficient(world: Economy, name: str) -> None:
    """A duty of 1 % on one of four flows: the response of trade before or with the duty, as the table says."""
    table = entrepot.load_elasticities(name)
    assert table.provenance is not None
    published = read_table(shipped.path_of("elasticities", name), ["sector", "theta"], number="theta")
    numbers = published.set_index("sector")["theta"].drop(["SERVICES"]).dropna()
    estimates = numbers.drop(sorted({*table.provenance.not_estimates} & {*numbers.index}))
    assert len(estimates) >= (0 if name == "uniform_4" else 15)
    economy = world.with_theta(table)
    duty = entrepot.Scenario.from_changes(tariff="CHN:USA:goods=+1%")
    after = entrepot.solve(economy, duty)
    added = np.log1p(after.tariff_cf) - np.log1p(economy.tariff)
    response = np.log(after.trade_cf / economy.trade)
    if table.provenance.estimated_on != "values_before_duty":
        response = response + added  # trade with the duty
    found = -(difference(response) / difference(added)).to_series().loc[estimates.index]
    np.testing.assert_allclose(found, estimates, rtol=1e-6)


def difference(logs: xr.DataArray) -> xr.DataArray:
    """Return the double difference of logs between China and Canada as sellers to the United States and Japan."""
    at = {key: logs.sel(origin=key[0], destination=key[1]) for key in product(("CHN", "CAN"), ("USA", "JPN"))}
    return at["CHN", "USA"] - at["CAN", "USA"] - at["CHN", "JPN"] + at["CAN", "JPN"]


def test_estimates_on_values_before_duty_are_loaded_less_one(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("sector,theta,estimated_on\nA01,4,values_before_duty\nC26,4,values_with_duty\nC29,3,unknown\n")
    table = entrepot.load_elasticities(path)
    assert table.theta.to_dict() == {"A01": 3.0, "C26": 4.0, "C29": 3.0}
    assert table.before_duty().theta.to_dict() == {"A01": 3.0, "C26": 4.0, "C29": 2.0}
    whole = entrepot.load_economy(elasticities=path).elasticities
    assert whole is not None
    assert {"C29", "C28"} <= whole.unknown, "its own, and those of the default table"
    assert not {"A01", "C26", "SERVICES", "B05"} & whole.unknown


def test_an_estimate_of_one_or_less_has_one_reading() -> None:
    table = entrepot.load_elasticities("lashkaripour_lugovskyy_2023")
    other = table.before_duty().theta
    assert other["C19"] == table.theta["C19"] < 1
    assert other["C26"] == pytest.approx(table.theta["C26"] - 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "sector,theta\nA01,4\n",
            r"mine.csv: no column estimated_on; say in each row .*values_before_duty, .* or unknown",
        ),
        ("sector,theta,estimated_on\nA01,4,values\n", "mine.csv: estimated_on of A01 is 'values'; write values_before"),
        ("sector,theta,estimated_on\nA01,1,values_before_duty\n", "not positive for A01; give an estimate on values"),
        ("sector,theta,estimated_on\nA01,4,unknown\nA01,4,trade_costs\n", "mine.csv, line 3: A01 is given twice"),
    ],
)
def test_a_file_that_does_not_say_what_it_was_estimated_on_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(text)
    with pytest.raises(InvalidDocument, match=message):
        entrepot.load_elasticities(path)
