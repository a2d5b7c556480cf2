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
    paying = next(
        line.split()
        for line in out.splitlines()
        if line.endswith("  25.0 IEEPA reciprocal") or " 25.0 IEEPA reciprocal " in line
    )
    assert paying[:3] == ["46.31", "52.8", "25.0"]
    code, out, _ = says("tariffs", "--on", "2025-08-27", *INDIA, "--json")
    said = json.loads(out)
    by_treatment = {row["treatment"]: row["added"] for row in said["treatments"]}
    assert by_treatment["IEEPA reciprocal + IEEPA Russian oil"] == pytest.approx(0.5)
    assert by_treatment["nothing added"] == 0
    assert {row["measure"]: row["statuses"] for row in said["acts"]}["russian-oil-25"] == (
        "decided 2025-08-06; in force 2025-08-27; ended 2026-02-06"
    )
    assert 0.26 < said["average_added"]["acts_on_origin"] < 0.32


def test_tariffs_explains_a_line_by_its_acts(says) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = says("tariffs", "--on", "2025-08-27", *INDIA, "--explain", "610910")
    assert code == 0
    for said in ("16.5 paid anyway + 50.0 added", "IEEPA reciprocal", "IEEPA Russian oil", "9903.02.02", "9903.01.84"):
        assert said in out
    code, out, _ = says("tariffs", "--on", "2025-08-27", *INDIA, "--explain", "610910", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert sum(float(row["points"]) for row in rows) == pytest.approx(0.5)


def test_a_day_after_the_last_known_act_is_said_first_where_it_is_allowed(says) -> None:  # type: ignore[no-untyped-def]
    code, out, err = says("tariffs", "--on", "2026-12-01", *INDIA)
    assert (code, out) == (2, "")
    assert "us-duties: acts are entered up to 2026-08-19, not to 2026-12-01" in err
    _, out, _ = says("tariffs", "--on", "2026-12-01", *INDIA, "--beyond")
    assert "(acts are known to 2026-08-19 only)" in " ".join(out.split()[:20])


def test_tariffs_of_any_partner_by_reading(says) -> None:  # type: ignore[no-untyped-def]
    for reading, points in (("in-force", 5.66), ("collected", 21.55)):
        code, out, err = says("tariffs", "--on", "2026-02-21", "--from", "China", "--reading", reading, "--json")
        assert (code, err) == (0, "")
        assert 100 * json.loads(out)["average_added"]["all"] == pytest.approx(points, abs=0.3)
    code, out, _ = says("tariffs", "--on", "2025-09-10", "--from", "Germany", "--explain", "420221")
    assert "420221 from EU27" in out


def test_a_timeline_as_text_json_csv_chart_and_workbook(says, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    chart, book = tmp_path / "line.svg", tmp_path / "line.xlsx"
    words = ("tariffs", "--from", "IND", "--since", "2025-08-01", "--until", "2025-09-30")
    code, out, err = says(*words, "--chart", chart, "--xlsx", book)
    assert code == 0, err
    assert "2025-08-27" in out
    assert "33.37" in out
    assert "by law" in chart.read_text(encoding="utf-8")
    assert book.stat().st_size > 3000
    _, out, _ = says(*words, "--json")
    days = {row["date"]: row["added"] for row in json.loads(out)["days"]}
    assert days["2025-08-07"] == pytest.approx(0.1809, abs=1e-4)
    _, out, _ = says(*words, "--csv")
    assert [row["date"] for row in csv.DictReader(io.StringIO(out))][:2] == ["2025-08-01", "2025-08-07"]
    _, out, _ = says("tariffs", "--from", "all", "--since", "2026-01-01", "--until", "2026-01-31")
    assert "By month: by law, and collected, %" in out
    assert "law less collected" in out
    assert "MEX" in out


MINE = """\
title: T
reference: R
summary: S
destination: USA
known_until: 2026-12-31
lines: lines.csv
lists:
  shirts: {products: ["6109", "6105"]}
  forgotten: {products: ["8703"]}
measures:
  - {id: one, authority: A, act: an act, effective: 2026-01-01, origin: IND, products: shirts, rate: 10 %}
"""


def test_a_schedule_is_looked_through_before_it_is_used(says, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    lines = ["IND,610910,300,48", "IND,610510,100,16", "IND,870323,50,1", "CHN,610910,200,40", "VNM,300490,100,0"]
    (tmp_path / "lines.csv").write_text("\n".join(["origin,hs6,imports,duties", *lines]), encoding="utf-8")
    mine = tmp_path / "mine.yaml"
    mine.write_text(MINE, encoding="utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(MINE.replace("10 %", "20 %"), encoding="utf-8")
    code, out, err = says("schedules", "check", mine, "--against", other)
    assert (code, err) == (0, "")
    assert "Lists that no act names: forgotten." in " ".join(out.split())
    change = next(line.split() for line in out.splitlines() if line.strip().startswith("IND"))
    assert change[1] == "2026-01-01"
    assert float(change[3]) == pytest.approx(float(change[2]) / 2, abs=0.006)
    _, out, _ = says("schedules", "check", mine, "--against", mine)
    assert "The average duty on no origin differs from mine on any day." in " ".join(out.split())
    for text, message in (
        (
            MINE.replace("products: shirts", "products: shirt"),
            "mine.yaml, line 11: measures[0].products: unknown product",
        ),
        (MINE.replace("2026-01-01", "2026-02-30"), "mine.yaml, line 11: measures[0].effective: found '2026-02-30'"),
        (MINE.replace('["6109", "6105"]', '["0000"]'), "mine.yaml, line 8: lists.shirts: matches nothing"),
        (
            MINE + "  - {id: two, authority: A, act: another, effective: 2026-03-01, rate: 5 %}\n",
            "mine.yaml, line 12: measures[1]: one and two are in force under A at once",
        ),
        (MINE.replace("measures:", "measures: ["), "mine.yaml, line"),
        ("", "mine.yaml"),
        ("view_of: us-duties\ntitle: T\n", "mine.yaml"),
    ):
        mine.write_text(text, encoding="utf-8")
        code, out, err = says("schedules", "check", mine)
        assert (code, out) == (2, ""), text
        assert message in err
        assert all(line.startswith("entrepot: mine.yaml") for line in err.splitlines())


@pytest.mark.slow
def test_duties_of_others_in_answer_are_added_where_they_are_in_force(says) -> None:  # type: ignore[no-untyped-def]
    def usa(*words: str) -> float:
        code, out, err = says("simulate", "us-tariffs-world", "--on", "2025-08-27", *words, "--json")
        assert code == 0, err
        return float({row["country"]: row for row in json.loads(out)["countries"]}["USA"]["real_income_pct"])

    assert usa("--with-answers") < usa() - 0.02
    code, _, err = says("simulate", "us-tariffs-world", "--on", "2026-08-19", "--with-answers")
    assert code == 2
    assert (
        "china-duties-on-us: acts are entered up to 2025-11-30" in err.replace("canada", "china") or "2025-09-30" in err
    )


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
    code, out, _ = says(*EXPOSURE, "--rivals", "--json", "--hs", "610910")
    assert json.loads(out)["lines"][0]["rivals"] < 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("tariffs", "--on", "soon", *INDIA), "date: found 'soon'; write a date as 2025-08-27"),
        (("tariffs", "--on", "2025-08-27", "--from", "VNM", "--schedule", "us-duties-on-india"),
         "us-duties-on-india has the acts on goods from IND only"),
        (("tariffs", "--on", "2025-08-27", "--from", "IND", "--to", "JPN"), "no schedule of JPN's duties is shipped"),
        (("tariffs", "--from", "IND"), "give one of --on DATE (the duties of a day) and --since DATE (over time)"),
        (("tariffs", "--from", "IND", "--since", "2025-01-01", "--on", "2025-02-01"), "give one of --on DATE"),
        (("tariffs", "--from", "IND", "--since", "2025-03-01", "--until", "2025-02-01"), "exchange them"),
        (("tariffs", "--from", "all", "--on", "2025-02-01"), "--from all goes with --since"),
        (("tariffs", "--from", "USA", "--to", "EU27", "--on", "2025-09-01"), "none of the acts that it knows"),
        (("schedules", "check"), "name the file to check"),
        (("schedules", "--csv"), "--against and --csv go with `entrepot schedules check FILE`"),
        (("exposure", "--importer", "CHN", "--partner", "USA", "--on", "2025-06-01"), "knows the listed goods"),
        (("simulate", "us-tariffs-world", "--answer", "in-kind", "--with-answers"), "give one of them"),
        (("simulate", "us-tariffs-world", "--on", "2026-12-01"), "acts are entered up to 2026-08-19"),
        (("tariffs", "--on", "2025-08-27", *INDIA, "--explain", "999999"), "no line '999999'"),
        (("tariffs", "--on", "2025-08-27", *INDIA, "--json", "--csv"), "--json and --csv exclude each other"),
        ((*EXPOSURE, "--sort", "size"), "cannot sort by 'size'"),
        ((*EXPOSURE, "--hs", "9"), "unknown HS code '9'"),
        ((*EXPOSURE, "--sector", "text"), "unknown sector 'text'; nearest: "),
        ((*EXPOSURE, "--least", "1e9"), "nothing from IND matches"),
        ((*EXPOSURE, "--eta", "1e9"), "an elasticity of spending is between 0 and 20"),
        (("simulate", "us-tariffs-on-india-2025", "--on", "21/08/2025"), "date: found '21/08/2025'"),
        (("simulate", "us-tariffs-on-india-2025", "--set", "cut=1%"), "no parameter 'cut'; it has none"),
        (("simulate", "india-russia-balance", "--set", "cut"), "--set cut: write a name and a value"),
        (("simulate", "oil-penalty-trade-off", "--option", "go"), "no option 'go'; it has stop, keep"),
        (("sensitivity", "--on", "2025-08-27"), "--on, --set, --option, --answer and --reading change a"),
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

    assert india("us-tariffs-on-india-2025") == pytest.approx(-0.2192, abs=1e-4)
    assert india("us-tariffs-on-india-2025", "--on", "2025-08-21") == pytest.approx(-0.1767, abs=1e-4)
    assert india("us-tariffs-on-india-2025", "--on", "2026-02-20") == pytest.approx(-0.0364, abs=1e-4)
    assert india("india-russia-balance", "--set", "cut=0") == pytest.approx(0.0, abs=1e-6)
    assert india("oil-penalty-trade-off", "--option", "stop") == pytest.approx(-0.1986, abs=1e-4)


@pytest.mark.slow
def test_options_are_compared_on_the_terminal_in_a_table_and_on_a_page(says, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    page = tmp_path / "page.html"
    code, out, err = says("simulate", "oil-penalty-trade-off", "--csv", "--brief", page)
    assert (code, err.strip()) == (0, f"wrote {page}")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["discount_pct"] for row in rows[:2]] == ["0.0", "2.5"]
    assert "The break-even discount on Russian crude is 1.0 %" in page.read_text(encoding="utf-8")


def test_the_world_scenario_has_the_rates_of_the_schedule_on_every_country() -> None:
    import entrepot
    from entrepot.policy.schedules.rates import effective_rates

    world, scenario = entrepot.load_economy(), entrepot.load_scenario("us-tariffs-world")
    schedule = entrepot.load_schedule("us-duties")

    def added(on: str):  # type: ignore[no-untyped-def]
        tariff = scenario.on(on).shock(world).tariff
        assert tariff is not None
        return (tariff - world.tariff).sel(destination="USA", sector="C13T15")

    assert float(added("2025-02-04").sel(origin="CHN")) == pytest.approx(0.1)
    assert float(added("2025-04-10").sel(origin="CHN")) == pytest.approx(1.45, abs=0.02)
    textiles = added("2025-08-07")
    known = (
        effective_rates(schedule, "2025-08-07").mean_by(["origin", "sector"]).set_index(["origin", "sector"])["added"]
    )
    for country, origin in (("DEU", "EU27"), ("FRA", "EU27"), ("VNM", "VNM"), ("IND", "IND")):
        assert float(textiles.sel(origin=country)) == pytest.approx(known[origin, "C13T15"], rel=1e-9)
    # a country that the lines lack pays what acts say about it: Laos 40 %, Ukraine as those not named, Belarus nothing
    assert float(textiles.sel(origin="LAO")) == pytest.approx(0.40, abs=0.01)
    assert float(textiles.sel(origin="UKR")) == pytest.approx(0.10, abs=0.01)
    assert float(textiles.sel(origin="BLR")) == pytest.approx(0.0, abs=0.01)
    # the rest of the world pays the mean of the partners that the economy has in it, weighted with their imports
    rest = ["DOM", "DZA", "ECU", "GTM", "HND", "IRQ", "KWT", "LKA", "NIC", "SLV", "TTO", "VEN"]
    pooled = effective_rates(schedule, "2025-08-07", rest).mean_by(["sector"]).set_index("sector")["added"]
    assert float(textiles.sel(origin="ROW")) == pytest.approx(pooled["C13T15"], rel=1e-9)
    assert (textiles > 1e-6).sum() == len(world.countries) - 3  # all but the United States, Russia and Belarus
