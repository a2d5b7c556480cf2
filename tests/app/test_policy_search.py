"""Goals, best taxes and trade wars through the command line: text, JSON and CSV say the same."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from test_cli import entrepot_says  # noqa: F401 (a fixture)

from economies import random_dataset

pytestmark = pytest.mark.slow

Says = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a file with an economy that is solved in no time."""
    file = tmp_path_factory.mktemp("economy") / "small.nc"
    random_dataset(11, zeros=0.0).to_netcdf(file, engine="h5netcdf")
    return str(file)


def test_a_goal_is_the_same_as_text_json_and_csv(entrepot_says: Says, small: str) -> None:  # noqa: F811
    words = ["seek", "--economy", small, "--target", "trade:C1:C2=+20%", "--using", "iceberg:C1:C2"]
    code, text, _ = entrepot_says(*words)
    assert code == 0
    assert "the cost other than duties of trade from" in " ".join(text.split())
    found = json.loads(entrepot_says(*words, "--json")[1])
    (row,) = csv.DictReader(io.StringIO(entrepot_says(*words, "--csv")[1]))
    assert found["reached"] is True
    assert float(row["value"]) == pytest.approx(found["unknowns"][0]["value"])
    assert found["unknowns"][0]["value"] < 0


@pytest.mark.parametrize("starts", ["1", "3"])
def test_best_taxes_are_the_same_as_text_json_and_csv(entrepot_says: Says, small: str, starts: str) -> None:  # noqa: F811
    words = ["optimal", "C1", "--economy", small, "--by", "partner", "--starts", starts]
    code, text, _ = entrepot_says(*words)
    assert code == 0
    assert "they bring it" in " ".join(text.split())
    found = json.loads(entrepot_says(*words, "--json")[1])
    rows = list(csv.DictReader(io.StringIO(entrepot_says(*words, "--csv")[1])))
    assert [float(row["rate"]) for row in rows] == pytest.approx([one["rate"] for one in found["rates"]])
    assert found["largest_slope"] < 1e-6
    assert len(found["starts"]) == int(starts)


def test_a_trade_war_is_the_same_as_text_json_and_csv(entrepot_says: Says, small: str) -> None:  # noqa: F811
    words = ["nash", "--economy", small, "--players", "C0,C1,C2"]
    code, text, _ = entrepot_says(*words, "--agreement")
    assert code == 0
    assert "In a trade war of 3 governments" in " ".join(text.split())
    found = json.loads(entrepot_says(*words, "--agreement", "--json")[1])
    rows = list(csv.DictReader(io.StringIO(entrepot_says(*words, "--csv")[1])))
    assert [float(row["rate"]) for row in rows] == pytest.approx([one["rate"] for one in found["rates"]])
    assert found["largest_gain"] < 1e-8
    assert len(found["agreement"]["welfare"]) == 3
    untried = json.loads(entrepot_says(*words, "--no-deviations", "--json")[1])
    assert untried["largest_gain"] is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["seek"], "give a target and an unknown to solve for"),
        (["seek", "--target", "imports:C1=+1%", "--using", "iceberg:C0:C1", "--between", "0"], "two dots between"),
        (["optimal", "C1", "--between", "0%.."], "give both bounds"),
        (["nash", "--players", "C0,C9"], "unknown country 'C9'"),
        (["nash", "--json", "--csv"], "exclude each other"),
    ],
)
def test_what_makes_no_sense_is_one_line_and_code_2(
    entrepot_says: Says,  # noqa: F811
    small: str,
    words: list[str],
    message: str,
) -> None:
    code, _, err = entrepot_says(*words, "--economy", small)
    assert code == 2
    assert len(err.splitlines()) == 1
    assert message in err


def test_the_report_names_a_page_that_exists() -> None:
    source = Path(__file__).parents[2]
    text = (source / "src" / "entrepot" / "report" / "answers" / "tariff_games.py").read_text(encoding="utf-8")
    named = text.partition("see docs/")[2].partition(")")[0]
    assert (source / "docs" / named).is_file()
