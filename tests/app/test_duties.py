"""The commands about duties by product, and scenarios by date, parameter and option, as people meet them."""

import csv
import io
import json
from pathlib import Path

import pytest
from test_cli import run

INDIA = ("--from", "IND", "--to", "USA")
EXPOSURE = ("exposure", "--importer", "USA", "--partner", "IND", "--on", "2025-08-27")


@pytest.fixture
def says(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    return lambda *words: run(capsys, monkeypatch, *map(str, words))


def test_tariffs_says_25_points_on_the_day_of_the_speech_and_50_a_week_later(says) -> None:  # type: ignore[no-untyped-def]
    code, out, err = says("tariffs", "--on", "2025-08-21", *INDIA)
    assert (code, err) == (0, "")
    assert "Decided, not in force yet: Executive Order 14329" in " ".join(out.split())
    covered = next(line.split() for line in out.splitlines() if line.startswith("covered"))
    assert covered[1:] == ["46.26", "52.7", "25.0"]
    code, out, _ = says("tariffs", "--on", "2025-08-27", *INDIA, "--json")
    said = json.loads(out)
    by_class = {row["class"]: row["added"] for row in said["classes"]}
    assert by_class["covered"] == pytest.approx(0.5)
    assert by_class["exempt"] == 0
    assert 0.26 < said["average_added"]["acts_on_origin"] < 0.32


def test_tariffs_explains_a_line_by_its_acts(says) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = says("tariffs", "--on", "2025-08-27", *INDIA, "--explain", "610910")
    assert code == 0
    for said in ("16.5 paid anyway + 50.0 added", "IEEPA reciprocal", "IEEPA Russian oil", "9903.02.26", "9903.01.84"):
        assert said in out
    code, out, _ = says("tariffs", "--on", "2025-08-27", *INDIA, "--explain", "610910", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert sum(float(row["points"]) for row in rows) == pytest.approx(0.5)


def test_a_day_after_the_last_known_act_is_answered_with_a_warning(says) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = says("tariffs", "--on", "2026-06-01", *INDIA)
    assert "acts are entered up to 2026-04-05 only" in " ".join(out.split())


@pytest.mark.slow
def test_exposure_ranks_lines_and_filters_them(says) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = says(*EXPOSURE, "--top", "5")
    assert code == 0
    assert "4,005 lines" in out
    assert "710239" in out  # cut diamonds bear the largest bill
    code, out, _ = says(*EXPOSURE, "--sector", "textiles", "--hs", "61", "--least", "50", "--sort", "change", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert rows
    assert {row["sector"] for row in rows} == {"C13T15"}
    assert all(row["hs6"].startswith("61") and float(row["imports"]) >= 50e6 for row in rows)
    changes = [float(row["change"]) for row in rows]
    assert changes == sorted(changes)
    code, out, _ = says(*EXPOSURE, "--rivals", "us-additional-duties-by-partner", "--json", "--hs", "610910")
    assert json.loads(out)["lines"][0]["rivals"] < 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("tariffs", "--on", "soon", *INDIA), "date: found 'soon'; write a date as 2025-08-27"),
        (("tariffs", "--on", "2025-08-27", "--from", "VNM"), "us-duties-on-india has the acts on goods from IND only"),
        (("tariffs", "--on", "2025-08-27", "--from", "IND", "--to", "EU27"), "no schedule of EU27's duties is shipped"),
        (("tariffs", "--on", "2025-08-27", *INDIA, "--explain", "999999"), "no line '999999'"),
        (("tariffs", "--on", "2025-08-27", *INDIA, "--json", "--csv"), "--json and --csv exclude each other"),
        ((*EXPOSURE, "--sort", "size"), "cannot sort by 'size'"),
        ((*EXPOSURE, "--hs", "9"), "unknown HS code '9'"),
        ((*EXPOSURE, "--sector", "text"), "unknown sector 'text'; nearest: "),
        ((*EXPOSURE, "--least", "1e9"), "nothing from IND matches"),
        ((*EXPOSURE, "--rivals", "us-additional-duties"), "rivals: no rates for DOM, DZA, ECU, GTM, HND and 7 more"),
        ((*EXPOSURE, "--eta", "1e9"), "an elasticity of spending is between 0 and 20"),
        (("simulate", "us-tariffs-on-india-2025", "--on", "21/08/2025"), "date: found '21/08/2025'"),
        (("simulate", "us-tariffs-on-india-2025", "--set", "cut=1%"), "no parameter 'cut'; it has none"),
        (("simulate", "india-russia-balance", "--set", "cut"), "--set cut: write a name and a value"),
        (("simulate", "oil-penalty-trade-off", "--option", "go"), "no option 'go'; it has stop, keep"),
        (("sensitivity", "--on", "2025-08-27"), "--on, --set, --option and --answer change a scenario; name one"),
        (("sensitivity", "oil-penalty-trade-off"), "has the options stop, keep; choose one"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line_and_exit_code_2(says, words: tuple[str, ...], message: str) -> None:  # type: ignore[no-untyped-def]
    code, out, err = says(*words)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.splitlines()) == 1


@pytest.mark.slow
def test_a_scenario_by_date_parameter_and_option(says) -> None:  # type: ignore[no-untyped-def]
    def india(*words: str) -> float:
        code, out, err = says("simulate", *words, "--json")
        assert code == 0, err
        rows = {row["country"]: row for row in json.loads(out)["countries"]}
        return float(rows["IND"]["real_income_pct"])

    assert india("us-tariffs-on-india-2025") == pytest.approx(-0.2228, abs=1e-4)
    assert india("us-tariffs-on-india-2025", "--on", "2025-08-21") == pytest.approx(-0.1790, abs=1e-4)
    assert india("us-tariffs-on-india-2025", "--on", "2026-02-20") == pytest.approx(-0.0332, abs=1e-4)
    assert india("india-russia-balance", "--set", "cut=0") == pytest.approx(0.0, abs=1e-6)
    assert india("oil-penalty-trade-off", "--option", "stop") == pytest.approx(-0.1986, abs=1e-4)


@pytest.mark.slow
def test_options_are_compared_on_the_terminal_in_a_table_and_on_a_page(says, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    page = tmp_path / "page.html"
    code, out, err = says("simulate", "oil-penalty-trade-off", "--csv", "--brief", page)
    assert (code, err.strip()) == (0, f"wrote {page}")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["discount_pct"] for row in rows[:2]] == ["0.0", "2.5"]
    assert "The break-even discount on Russian crude is 0.9 %" in page.read_text(encoding="utf-8")


def test_every_partner_and_date_of_the_world_scenario_has_its_rates() -> None:
    import entrepot

    world, scenario = entrepot.load_economy(), entrepot.load_scenario("us-tariffs-world")
    added = {}
    for on in ("2025-02-04", "2025-03-12", "2025-04-03", "2025-04-05", "2025-04-09", "2025-04-11", "2025-05-12",
               "2025-06-03", "2025-08-07", "2025-11-01", "2025-11-14", "2025-12-04", "2026-02-07", "2026-02-20",
               "2026-02-24", "2026-04-06"):  # fmt: skip
        tariff = scenario.on(on).shock(world).tariff
        assert tariff is not None
        added[on] = (tariff - world.tariff).sel(destination="USA", sector="C13T15")
    assert float(added["2025-02-04"].sel(origin="CHN")) == pytest.approx(0.2)
    assert float(added["2025-04-09"].sel(origin="CHN")) == pytest.approx(1.25, abs=0.02)
    assert float(added["2025-08-07"].sel(origin="DEU")) == pytest.approx(0.157, abs=0.01)
    touched = (added["2025-08-07"] > 0).to_series()
    assert touched.sum() == len(world.countries) - 1  # everybody but the United States itself
    assert float(added["2026-02-20"].max()) < 0.25
