"""Uncertainty and sweeps through the command line, interrupted and gone on with."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_cli import entrepot_says  # noqa: F401 (a fixture)

import entrepot
from entrepot.economy.economy import Economy

pytestmark = pytest.mark.slow

CASE = "us-tariffs-on-india-2025"
DRAWS, PART = 64, 20  # four parts: time to end a run twice
PATIENCE = 600.0  # seconds: on a busy machine parts come late

HEEDING = (  # a shell makes what it starts in the background deaf to interrupts
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    f"from entrepot.study.sampling import checkpoint; checkpoint.ROWS_AT_ONCE = {PART}; "
    "from entrepot.app.cli.root import main; main()"
)


def words(folder: Path, draws: int = DRAWS) -> list[str]:
    return ["uncertainty", CASE, "--of", "real_income:IND", "--draws", str(draws), "--seed", "7", "--to", str(folder)]


def started(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HEEDING, *words(folder), "--workers", "1"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_for_parts(folder: Path, count: int) -> None:
    until = time.monotonic() + PATIENCE
    while len(list((folder / "parts").glob("[0-9]*.parquet"))) < count:
        assert time.monotonic() < until, "no part was written"
        time.sleep(0.02)


def test_killed_then_interrupted_then_finished_it_is_the_same_to_the_byte(
    entrepot_says,  # type: ignore[no-untyped-def] # noqa: F811
    world: Economy,
    tmp_path: Path,
) -> None:
    folder, whole = tmp_path / "draws", tmp_path / "whole"
    run = started(folder)
    wait_for_parts(folder, 1)
    run.kill()
    run.communicate()
    assert not (folder / "table.parquet").exists()
    kept = {path.name: path.read_bytes() for path in (folder / "parts").glob("[0-9]*.parquet")}

    run = started(folder)
    wait_for_parts(folder, len(kept) + 1)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 130
    assert f"interrupted: results so far are in {folder}; rerun the same command to resume" in err
    assert "Traceback" not in err
    assert not [path for path in (folder / "parts").iterdir() if path.name.startswith(".")]
    for name, content in kept.items():
        assert (folder / "parts" / name).read_bytes() == content  # nothing was done again

    code, out, _ = entrepot_says(*words(folder), "--json")
    assert code == 0
    assert json.loads(out)["draws"] == DRAWS
    scenario = entrepot.load_scenario(CASE)
    answer = entrepot.uncertainty(world, scenario, draws=DRAWS, seed=7, outcomes="real_income:IND", to=whole)
    assert list(answer.table["number"]) == list(range(DRAWS))
    assert (folder / "table.parquet").read_bytes() == (whole / "table.parquet").read_bytes()
    assert sorted(os.listdir(folder / "parts")) == []


def test_the_fan_is_printed_with_what_it_comes_from(entrepot_says, tmp_path: Path) -> None:  # type: ignore[no-untyped-def] # noqa: F811
    page = tmp_path / "fan.html"
    code, out, err = entrepot_says(
        "uncertainty", CASE, "--draws", 20, "--vary", "theta:textiles", "--vary", "dial:rho=0.8..1", "--sobol", 4,
        "--of", "real_income:IND", "--of", "exports:IND", "--html", page,
    )  # fmt: skip
    assert code == 0
    assert err == f"wrote {page}\n"
    flat = " ".join(out.split())
    for part in (
        "Real income of India: half of 20 draws lie between", "today's value",
        "outcome 5 % 25 % median 75 % 95 % today",
        "real_income:IND: real income of India, change, %",
        "exports:IND: exports of India (goods and services), USD billion",
        "What the spread of real income of India comes from", "theta:C13T15", "adjoint", "dial:rho", "difference",
        "Sobol's indices of real income of India",
        "Spread: between papers (theta:C13T15).", "First-order shares stand for",
    ):  # fmt: skip
        assert part in flat
    assert max(len(line) for line in out.splitlines()) <= 80
    html = page.read_text(encoding="utf-8")
    assert html.count("<svg") == 4
    assert "http" not in html.replace("http://www.w3.org", "")


def test_the_fan_as_json_and_every_draw_as_csv(entrepot_says) -> None:  # type: ignore[no-untyped-def] # noqa: F811
    common = ("uncertainty", CASE, "--draws", 12, "--vary", "elasticities", "--of", "real_income:IND")
    code, out, _ = entrepot_says(*common, "--json")
    assert code == 0
    document = json.loads(out)
    (fan,) = document["fan"]
    assert fan["outcome"] == "real_income:IND"
    assert fan["unit"] == "change, %"
    assert fan["default"] == pytest.approx(-0.2192, abs=5e-5)
    assert fan["p5"] <= fan["p25"] <= fan["median"] <= fan["p75"] <= fan["p95"]
    assert document["inputs"][0]["basis"] == "between papers"
    code, out, _ = entrepot_says(*common, "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 12
    assert {row["elasticities"] for row in rows} <= set(document["inputs"][0]["spread"].split("|"))
    assert all(0.99 < float(row["real_income:IND"]) < 1 for row in rows)


def test_a_sweep_as_table_json_and_csv(entrepot_says) -> None:  # type: ignore[no-untyped-def] # noqa: F811
    common = ("sweep", "india-russia-balance", "--over", "cut=-40%..0%/3", "--of", "balance:IND:RUS")
    code, out, err = entrepot_says(*common)
    assert (code, err) == (0, "")
    assert "−27.0965" in out or "-27.0965" in out
    code, out, _ = entrepot_says(*common, "--json")
    points = json.loads(out)["points"]
    assert [point["set:cut"] for point in points] == [-0.4, -0.2, 0.0]
    assert points[2]["balance:IND:RUS"] == pytest.approx(-27.0965, abs=5e-5)
    code, out, _ = entrepot_says(*common, "--csv")
    assert len(list(csv.DictReader(io.StringIO(out)))) == 3


def test_a_sweep_over_options_compares_them(entrepot_says) -> None:  # type: ignore[no-untyped-def] # noqa: F811
    code, out, _ = entrepot_says("sweep", "oil-penalty-trade-off", "--over", "option", "--json")
    assert code == 0
    points = json.loads(out)["points"]
    assert len({point["real_income:IND"] for point in points if "real_income:IND" in point}) == len(points) == 2


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (["uncertainty", CASE, "--vary", "thetta"], "nothing called 'thetta' can vary; nearest: theta"),
        (["uncertainty", CASE, "--json", "--csv"], "exclude each other"),
        (["uncertainty", CASE, "--sobol", "5", "--draws", "1"], "give a power of two"),
        (["sweep", CASE, "--over", "theta"], "is a distribution; a sweep takes points"),
        (["sweep", CASE, "--over", "cut=0..1/3"], "nothing called 'cut' can vary"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(entrepot_says, said: list[str], message: str) -> None:  # type: ignore[no-untyped-def] # noqa: F811
    code, out, err = entrepot_says(*said)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
