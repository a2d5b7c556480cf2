"""Every kind of instrument says what it is in words, with its amount."""

from typing import Any, get_args

import pytest

from entrepot.data.documents import Document
from entrepot.policy.load import scenario_of
from entrepot.policy.scenario import AnyInstrument

FLOWS = {"origin": "IND", "destination": ["USA", "VNM"], "sector": "textiles"}

CASES: list[tuple[dict[str, Any], str]] = [
    ({"kind": "tariff", "add": "25 %", **FLOWS}, "tariff +25 points: textiles from IND to USA, VNM"),
    (
        {"kind": "tariff", "add": -0.025},
        "tariff \N{MINUS SIGN}2.5 points: all goods from all countries to all countries",
    ),
    ({"kind": "tariff", "set": "0 %", **FLOWS}, "tariff of 0 %: textiles from IND to USA, VNM"),
    (
        {"kind": "tariff", "add": {"table": "us-additional-duties", "as_of": "2025-08-21"}, "destination": "USA"},
        "tariff raised by table us-additional-duties as of 2025-08-21: all goods from all countries to USA",
    ),
    (
        {"kind": "tariff", "add": {"schedule": "us-2025"}, "destination": "USA"},
        "tariff raised by schedule us-2025: all goods from all countries to USA",
    ),
    (
        {"kind": "export_tax", "add": "-5 %", **FLOWS},
        "export tax \N{MINUS SIGN}5 points: textiles from IND to USA, VNM",
    ),
    ({"kind": "export_tax", "set": "5 %", **FLOWS}, "export tax of 5 %: textiles from IND to USA, VNM"),
    ({"kind": "iceberg", "change": "10 %", **FLOWS}, "trade cost +10 %: textiles from IND to USA, VNM"),
    ({"kind": "iceberg", "change": "embargo", **FLOWS}, "embargo: textiles from IND to USA, VNM"),
    (
        {"kind": "iceberg", "change": {"table": "costs"}},
        "trade cost changed by table costs: all goods and services from all countries to all countries",
    ),
    ({"kind": "embargo", **FLOWS}, "embargo: textiles from IND to USA, VNM"),
    (
        {"kind": "barrier", "equivalent": "10 %", "rent": "exporter", **FLOWS},
        "non-tariff barrier of 10 %, rent to the exporter: textiles from IND to USA, VNM",
    ),
    (
        {"kind": "quota", "at_most": "90 %", "rent": "importer", **FLOWS},
        "quota on the volume at 90 % of the base-year volume, rent to the importer: textiles from IND to USA, VNM",
    ),
    (
        {"kind": "quota", "at_most": "30 billion", "of": "value", "rent": "importer", **FLOWS},
        "quota on the value at 30 billion, rent to the importer: textiles from IND to USA, VNM",
    ),
    (
        {"kind": "price_cap", "at_most": "80 %", **FLOWS},
        "price cap at 80 % of the base-year price: textiles from IND to USA, VNM",
    ),
    (
        {"kind": "discount", "share": "10 %", **FLOWS},
        "price discount of 10 %, kept by buyers: textiles from IND to USA, VNM",
    ),
    (
        {"kind": "discount", "share": "10 %", "kept_by": "state", **FLOWS},
        "price discount of 10 %, kept by the state: textiles from IND to USA, VNM",
    ),
    (
        {"kind": "penalty", "add": "25 %", "when": {"origin": "RUS", "destination": "IND", "above": "50 %"}, **FLOWS},
        "penalty tariff +25 points: textiles from IND to USA, VNM, while the value of all goods and services from RUS "
        "to IND exceeds 50 % of the base-year value",
    ),
    (
        {"kind": "productivity", "change": "5 %", "country": "IND", "sector": "C26"},
        "productivity +5 %: C26 made in IND",
    ),
    (
        {"kind": "productivity", "towards": {"partner": "USA", "share": "50 %"}, "country": "IND"},
        "productivity closes 50 % of the gap to USA: all goods and services made in IND",
    ),
    (
        {"kind": "production_tax", "set": "-10 %", "country": "IND"},
        "production tax of \N{MINUS SIGN}10 %: all goods and services made in IND",
    ),
    (
        {"kind": "production_tax", "add": "5 %", "country": "IND", "sector": "C26"},
        "production tax +5 points: C26 made in IND",
    ),
    (
        {"kind": "local_content", "subsidy": "10 %", "country": "IND", "sector": "C26"},
        "local-content subsidy of 10 %: C26 made in IND",
    ),
    (
        {"kind": "transfer", "payer": "DEU", "receiver": "IND", "amount": "500 million"},
        "transfer of 0.5 billion a year from DEU to IND",
    ),
]


@pytest.mark.parametrize(("written", "phrase"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_an_instrument_in_words(written: dict[str, Any], phrase: str) -> None:
    scenario = {"title": "t", "reference": "r", "date": "2026-01-01", "instruments": [written]}
    assert scenario_of(Document(scenario)).instruments[0].phrase() == phrase


def test_every_kind_of_instrument_has_a_case() -> None:
    union, *_ = get_args(AnyInstrument)
    kinds = {get_args(instrument.model_fields["kind"].annotation)[0] for instrument in get_args(union)}
    assert kinds == {written["kind"] for written, _ in CASES}
