"""The command line as people and machines meet it."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
import typer
from typer.core import TyperGroup

from entrepot.app import ask
from entrepot.app.cli import options, printing, root

COMMANDS = typer.main.get_command(root.app)
assert isinstance(COMMANDS, TyperGroup)


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of `entrepot WORDS`, in this process."""
    monkeypatch.setattr(sys, "argv", ["entrepot", *words])
    code = 0
    try:
        root.main()
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def entrepot_says(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    return lambda *words: run(capsys, monkeypatch, *map(str, words))


@pytest.mark.parametrize("name", sorted(COMMANDS.commands))
def test_every_command_and_every_option_has_help_and_every_command_an_example(name: str) -> None:
    command = COMMANDS.commands[name]
    assert command.help
    assert f"Example: entrepot {name}" in command.help
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{name} {parameter.name} has no help"


def help_at_80_columns() -> str:
    context = typer.Context(COMMANDS, info_name="entrepot", terminal_width=80, max_content_width=80)
    return COMMANDS.get_help(context) + "\n"


@pytest.mark.parametrize("name", sorted(COMMANDS.commands))
def test_the_short_help_of_a_command_is_a_sentence_that_fits_a_line(name: str) -> None:
    command = COMMANDS.commands[name]
    assert command.help
    first = command.help.partition("\n\n")[0]
    assert len(first) <= 55
    assert first.endswith(".")
    assert f"{name.ljust(max(map(len, COMMANDS.commands)))}  {first}\n" in help_at_80_columns()


def test_help_lists_every_command_once_under_a_section() -> None:
    text = help_at_80_columns()
    assert "..." not in text.replace("COMMAND [ARGS]...", "")
    sections = text.partition("Simulation:")[2].split("\n\n")
    listed = [line.split()[0] for section in sections for line in section.splitlines() if line.startswith("  ")]
    assert sorted(listed) == sorted(COMMANDS.commands)
    assert [section for section in root.SECTIONS if f"\n{section}:\n" not in text] == []


def test_the_version_is_that_of_the_package(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    import entrepot

    assert entrepot_says("--version") == (0, f"entrepot {entrepot.__version__}\n", "")


SHARED = {"--on", "--set", "--option", "--economy", "--elasticities", "--model", "--dial", "--deficits"}


def test_every_command_that_solves_has_all_options_of_an_ask() -> None:
    options_of = {name: [one.opts[0] for one in command.params] for name, command in COMMANDS.commands.items()}
    having = {name for name, found in options_of.items() if {"--set", "--dial"} & set(found)}
    assert having == {
        "simulate", "compare", "why", "sensitivity", "ensemble", "uncertainty", "sweep", "seek", "optimal", "nash",
    }  # fmt: skip
    for name in having:
        assert set(options_of[name]) >= SHARED, name
        assert len(options_of[name]) == len(set(options_of[name])), name


def test_the_defaults_of_an_ask_are_those_of_the_library() -> None:
    import inspect

    from entrepot.economy import load
    from entrepot.equilibrium.model import models
    from entrepot.equilibrium.solve import solve

    solved = inspect.signature(solve).parameters
    assert load.DEFAULT == ask.ECONOMY
    assert models.DEFAULT == ask.MODEL == solved["model"].default
    assert solved["deficits"].default == ask.DEFICITS


def test_every_closure_can_be_chosen_and_is_listed(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    from entrepot.economy.closure import CLOSURES

    (deficits,) = (one for one in COMMANDS.commands["simulate"].params if one.opts == ["--deficits"])
    assert deficits.type_descriptor.choices == tuple(CLOSURES)  # type: ignore[attr-defined]
    rows = json.loads(entrepot_says("closures", "--json")[1])
    assert [row["name"].split()[0] for row in rows] == list(CLOSURES)


def test_no_words_at_all_ask_for_help(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    code, out, err = entrepot_says()
    assert (code, err) == (0, "")
    assert "simulate" in out


def test_help_answers_without_the_heavy_libraries() -> None:
    heavy = ["jax", "pandas", "xarray", "altair", "numpy", "pydantic"]
    code = (
        "import sys; sys.argv = ['entrepot', '--help']\n"
        "from entrepot.app.cli.root import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print('LOADED', [name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "LOADED []" in done.stdout
    assert "simulate" in done.stdout


def test_simulate_prints_headline_ranking_sectors_diversion_prices_and_solver(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    code, out, err = entrepot_says("simulate", "us-tariffs-on-india-2025")
    assert (code, err) == (0, "")
    flat = " ".join(out.replace("\N{NO-BREAK SPACE}", " ").split())
    assert "India loses 0.22 % of its real income" in flat
    for part in (
        "Change in real income", "1 IND India −0.219", "81 VNM Viet Nam +0.06", "Output of India", "C13T15 Textiles",
        "Who sells goods to the United States", "CHN China", "Prices and duties in the United States",
        "tariff revenue changes from USD 81.4 billion to", "steps, residual",
    ):  # fmt: skip
        assert part in flat
    assert max(len(line) for line in out.splitlines()) <= 80


def test_json_is_one_document_with_every_table(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = entrepot_says("simulate", "us-tariffs-on-india-2025", "--json", "--exporter", "VNM")
    document = json.loads(out)
    assert code == 0
    assert document["focus"] == {"exporter": "VNM", "importer": "USA"}
    assert document["scenario"]["name"] == "us-tariffs-on-india-2025"
    assert document["solver"]["residual"] <= 1e-11
    assert len(document["countries"]) == 81
    assert document["countries"][0]["country"] == "IND"
    assert document["countries"][0]["real_income_pct"] == pytest.approx(-0.2192, abs=0.00005)
    assert {"sectors", "suppliers", "customers", "prices", "sources", "assumptions", "headline"} <= set(document)
    assert set(document["sources"]) == {
        "icio2022", "fontagne_guimbard_orefice_2022_gtap", "giri_yi_yilmazkuday_2021",
        "us-imports-2024", "us-lists-2026", "us-metal-lists-2025", "us-metal-content", "us-usmca-claims",
    }  # fmt: skip


def test_csv_is_the_ranking(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = entrepot_says(
        "simulate", "us-tariffs-on-india-2025", "--csv", "--model", "multi_sector", "--deficits", "scaled",
        "--elasticities", "uniform_4",
    )  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert len(rows) == 81
    assert rows[0]["country"] == "IND"
    assert float(rows[0]["real_income_pct"]) < -0.05


def test_zero_deficits_rebalance_the_base_year_first(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = entrepot_says("simulate", "us-tariffs-on-india-2025", "--deficits", "zero", "--json")
    document = json.loads(out)
    assert "Rebalanced with deficits zero" in document["assumptions"]["notes"][0]
    assert document["countries"][0]["country"] == "IND"
    assert document["countries"][0]["real_income_pct"] == pytest.approx(-0.2310, abs=0.00005)


@pytest.mark.slow
def test_a_scenario_of_ones_own_on_an_economy_of_ones_own(entrepot_says, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    from economies import random_dataset

    random_dataset(0).to_netcdf(tmp_path / "mine.nc", engine="h5netcdf")
    scenario = tmp_path / "mine.yaml"
    scenario.write_text(
        "title: Mine\nreference: Nobody's law\ndate: 2026-01-01\n"
        "instruments:\n  - {kind: iceberg, change: 20 %, origin: C1, destination: C2, sector: s1}\n"
    )
    brief = tmp_path / "brief.html"
    code, out, err = entrepot_says("simulate", scenario, "--economy", tmp_path / "mine.nc", "--brief", brief, "--json")
    assert code == 0
    assert json.loads(out)["focus"] == {"exporter": "C1", "importer": "C2"}
    assert err == f"wrote {brief}\n"
    assert "Nobody&#39;s law" in brief.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("scenarios", "us-tariffs-on-india-2025"),
        ("economies", "OECD Inter-Country Input-Output"),
        ("elasticities", "(default)"),
        ("schedules", "us-duties-on-india"),
    ],
)
def test_lists_name_their_sources(entrepot_says, command: str, expected: str) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = entrepot_says(command)
    assert code == 0
    assert expected in " ".join(out.split())
    code, out, _ = entrepot_says(command, "--json")
    rows = json.loads(out)
    assert rows
    assert all(value for row in rows for value in row.values())


def test_an_economy_lists_its_labels(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = entrepot_says("economies", "icio2022", "--json")
    rows = {(row["kind"], row["code"]): row["name"] for row in json.loads(out)}
    assert rows["country", "IND"] == "India"
    assert rows["sector group", "pharma"] == "C21"
    assert "DEU" in rows["country group", "EU27"]


CASE = "us-tariffs-on-india-2025"
SCENARIO = "title: T\nreference: R\ndate: 2025-08-27\ninstruments:\n  - {kind: tariff, add: 10 %, origin: IND}\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["simulate", "us-tariffs-india"], "no 'us-tariffs-india' among the shipped scenarios; nearest: us-tariffs-on"),
        (["simulate", "nowhere/mine.yaml"], "no file nowhere/mine.yaml"),
        (["simulate", CASE, "--economy", "icio2010"], "no 'icio2010' among the shipped economies"),
        (["simulate", CASE, "--economy", "world.nc"], "no file world.nc"),
        (["simulate", CASE, "--elasticities", "unifrom_4"], "nearest: uniform_4"),
        (["simulate", CASE, "--exporter", "INDAI"], "unknown country 'INDAI'; nearest: IND (India)"),
        (["simulate", CASE, "--model", "ricardo"], "'ricardo' is not one of"),
        (["simulate", CASE, "--json", "--csv"], "--json and --csv exclude each other"),
        (["simulate", CASE, "--brief", "missing/brief.html"], "missing is not a folder; make it first"),
        (["simulate", CASE, "--brief", "/proc/brief.html"], "cannot write /proc/brief.html"),
        (["simulate"], "no change is given; name a scenario, or write --tariff"),
        (["simulat", "x"], "No such command 'simulat'"),
        (["simulate", "--deficit", "zero", "x"], "No such option"),
        (["economies", "icio"], "nearest: icio2022"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line_and_exit_code_2(entrepot_says, words: list[str], message: str) -> None:  # type: ignore[no-untyped-def]
    code, out, err = entrepot_says(*words)
    assert code == 2
    assert out == ""
    assert err.startswith("entrepot: ")
    assert len(err.splitlines()) == 1
    assert message in err


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("IND", "Inda", "mine.yaml, line 5: instruments[0]: unknown country 'Inda'; nearest: IND (India)"),
        ("10 %", "-120 %", "line 5: instruments[0]: add is -120 %; a duty cannot fall to -100 % or below"),
        ("10 %", ".nan", "found nan; a rate must be a finite number"),
        ("kind: tariff", "knid: tariff", "line 5: instruments[0].kind: missing; add it"),
        ("date: 2025-08-27", "date: 27 August", "line 3: date: found '27 August'"),
        ("{kind", "{{kind", "not YAML"),
        ("instruments:", "instruments: [", "not YAML"),
    ],
)
def test_a_wrong_scenario_is_one_clear_line_and_writes_nothing(
    entrepot_says, tmp_path: Path, old: str, new: str, message: str
) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "mine.yaml"
    path.write_text(SCENARIO.replace(old, new))
    code, out, err = entrepot_says("simulate", path, "--brief", tmp_path / "brief.html")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert message in err
    assert [entry.name for entry in tmp_path.iterdir()] == ["mine.yaml"]


def test_a_misaligned_economy_and_a_hole_in_it_are_one_clear_line(entrepot_says, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    from economies import random_dataset

    dataset = random_dataset(0)
    dataset.isel(destination=[1, 0, 2, 3]).to_netcdf(tmp_path / "turned.nc", engine="h5netcdf")
    dataset["trade"][0, 1, 0] = float("nan")
    dataset.to_netcdf(tmp_path / "holed.nc", engine="h5netcdf")
    for name, message in (
        ("turned", "the labels stand in another order"),
        ("holed", "trade: no value (NaN) at C0 C1 s0"),
    ):
        code, _, err = entrepot_says("simulate", "us-tariffs-on-india-2025", "--economy", tmp_path / f"{name}.nc")
        assert code == 2
        assert len(err.splitlines()) == 1
        assert message in err


def test_a_reader_that_stops_reading_is_no_fault() -> None:
    command = f"{sys.executable} -m entrepot elasticities | head -n 1"
    unbuffered = os.environ | {"PYTHONUNBUFFERED": "1"}
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True, env=unbuffered)
    assert done.stderr == ""
    assert done.stdout.startswith("bagwell_staiger_yurukoglu_2021")


def test_a_progress_line_is_kept_on_a_terminal_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    import rich.console

    shown: list[str] = []

    class Terminal(rich.console.Console):
        is_terminal = True

        def status(self, text: str, **options: object):  # type: ignore[no-untyped-def,override]
            status = super().status(text)
            status.update = lambda text, **_: shown.append(str(text))  # type: ignore[method-assign]
            return status

    monkeypatch.setattr(rich.console, "Console", lambda **options: Terminal(file=io.StringIO()))
    with printing.progress() as (say, step):
        say("reading the economy")
        step(20, 1e-3)
    assert shown == ["reading the economy", "solving: step 20, residual 1.0e-03"]


def test_a_brief_does_not_replace_what_is_being_read(entrepot_says, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    text = "title: t\nreference: r\ndate: 2025-01-01\ninstruments:\n  - {kind: tariff, add: 0.1, origin: IND}\n"
    mine = tmp_path / "mine.yaml"
    mine.write_text(text, encoding="utf-8")
    code, _, err = entrepot_says("simulate", mine, "--brief", mine)
    assert (code, mine.read_text(encoding="utf-8")) == (2, text)
    assert "is an input of this command; choose another output file" in err


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    folder = Path(sys.executable).parent
    path = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        ["sh", "-c", command], capture_output=True, check=False, env={**os.environ, **path, **environment}
    )


def test_a_full_disk_is_one_clear_line() -> None:
    if not Path("/dev/full").is_char_device():
        pytest.skip("this machine has no /dev/full")
    done = shell("entrepot schema > /dev/full")
    assert done.returncode == 2
    assert done.stderr.decode().startswith("entrepot: cannot print: No space left on device")


def test_a_terminal_without_letters_gets_question_marks_and_valid_json() -> None:
    done = shell("entrepot elasticities --json", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert any("Fontagn\u00e9" in row["source"] for row in json.loads(done.stdout))
    assert b"Fontagn?" in shell("entrepot elasticities", PYTHONIOENCODING="ascii").stdout


@pytest.mark.slow
def test_a_narrow_terminal_cuts_no_digit() -> None:
    wide, narrow = (shell("entrepot economies icio2022", COLUMNS=columns).stdout for columns in ("80", "30"))
    assert narrow == wide


@pytest.mark.slow
def test_sensitivity_ranks_the_wedges_of_the_world(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = entrepot_says("sensitivity", "--of", "real_income:IND", "--by", "tariff", "--top", 5)
    assert code == 0
    assert "What moves real income of India most\n" in out
    assert "effect, per cent\n" in out
    assert "At the base year. Exact derivatives" in out
    assert "tariff, +1 point" in out
    code, out, _ = entrepot_says(
        "sensitivity", "us-tariffs-on-india-2025", "--of", "trade:IND:USA:textiles", "--top", 3, "--json"
    )
    document = json.loads(out)
    assert document["value_unit"] == document["effect_unit"] == "USD billion"
    assert 1 < document["value"] < 20
    effects = [abs(row["effect"]) for row in document["wedges"]]
    assert effects == sorted(effects, reverse=True)
    assert len(effects) == 3


@pytest.mark.slow
def test_sensitivity_as_csv_holds_every_wedge(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = entrepot_says("sensitivity", "--of", "tariff_revenue:USA", "--by", "tariff", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 81 * 80 * 28
    assert set(rows[0]) == {"instrument", "origin", "destination", "sector", "effect"}


@pytest.mark.slow
def test_dials_reach_the_model(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    words = ("simulate", "us-tariffs-on-india-2025", "--model", "nested_ces", "--dial", "rho=0.8", "--json")
    document = json.loads(entrepot_says(*words, "--dial", "psi:C26=0.05")[1])
    assert document["assumptions"]["dials"] == {"rho": 0.8, "mu": 0.2, "eta": 0.9, "psi": {"C26": 0.05}}
    assert document["solver"]["route"] == "Anderson"


def test_the_models_on_offer_are_the_models_there_are(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    from entrepot.equilibrium.model.models import MODELS

    assert set(get_args(options.ModelChoice)) == set(MODELS)
    code, out, _ = entrepot_says("models", "--json")
    assert code == 0
    assert {row["name"].split()[0] for row in json.loads(out)} == set(MODELS)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--of", "real_incom:IND"], "no outcome 'real_incom'; nearest: real_income"),
        (["--of", "real_income:INDIAA"], "unknown country 'INDIAA'; nearest: IND"),
        (["--by", "tarif"], "no wedge 'tarif'; nearest: tariff"),
        (["--dial", "rho"], "--dial rho: write a name and a value, as rho=0.8"),
        (["--dial", "rho=high"], "--dial rho=high: write a name and a value"),
        (["--dial", "roh=0.5"], "no dial 'roh'; nearest: rho"),
        (["--dial", "theta_factor:C26=2"], "this dial is not by sector"),
        (["--dial", "psi=0.1", "--dial", "psi:C26=0.2"], "psi is set already"),
        (["--dial", "inputs=0.5"], "inputs = 0.5; give true or false"),
        (["--dial", "rho=-1"], "an elasticity of substitution is not negative"),
        (["--model", "krugman", "--dial", "scale_share=1"], "psi times theta is 1 in sector A01"),
    ],
)
def test_a_wrong_question_is_one_clear_line(entrepot_says, words: list[str], message: str) -> None:  # type: ignore[no-untyped-def]
    code, out, err = entrepot_says("sensitivity", *words)
    assert (code, out) == (2, "")
    assert err.startswith("entrepot: ")
    assert err.count("\n") == 1
    assert message in err
