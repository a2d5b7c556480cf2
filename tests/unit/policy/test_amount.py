import datetime
from pathlib import Path

import numpy as np
import pytest

from entrepot.economy.economy import Economy
from entrepot.policy import amount
from entrepot.policy.amount import RateTable, painted
from entrepot.policy.selection import LabelResolver, label_resolver


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a dated table of rates on many flows, groups among them."""
    rates = np.random.default_rng(3)
    rows = ["date,origin,destination,sector,rate"]
    for day in ("2025-04-05", "2025-08-07", "2025-08-27"):
        for origin in ("IND", "CHN", "VNM", "EU27", "CAN"):
            rows += [
                f"{day},{origin},USA,{sector},{rates.uniform(0, 0.5):.4f}" for sector in ("C26", "C27", "textiles")
            ]
    where = tmp_path_factory.mktemp("rates")
    (where / "duties.csv").write_text("\n".join(rows), encoding="utf-8")
    return where


@pytest.mark.parametrize("day", ["2024-01-01", "2025-04-05", "2025-08-27", "2026-02-24"])
def test_rows_painted_at_once_are_those_painted_one_by_one(
    world: Economy, folder: Path, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, table = label_resolver(world, {}), RateTable(table="duties.csv")
    date = datetime.date.fromisoformat(day)
    at_once = painted(table, words, folder, date)
    monkeypatch.setattr(amount, "_rates_at_once", lambda *_: None)
    one_by_one = painted(table, words, folder, date)
    assert np.array_equal(at_once.touched, one_by_one.touched)
    assert np.array_equal(at_once.rates, one_by_one.rates)
    assert at_once.touched.any() == (day > "2025")


def test_what_is_kept_cannot_be_changed(world: Economy, folder: Path) -> None:
    found = painted(RateTable(table="duties.csv"), label_resolver(world, {}), folder, datetime.date(2025, 8, 27))
    with pytest.raises(ValueError, match="read-only"):
        found.rates[0] = 1.0


def test_words_survive_being_a_key(world: Economy) -> None:
    words = label_resolver(world, {"mine": ["IND", "VNM"]})
    again = LabelResolver.of(words.said)
    assert again.said == words.said
    assert again.countries.resolve(["mine", "-VNM"]) == ["IND"]
    assert words.said != label_resolver(world, {}).said
