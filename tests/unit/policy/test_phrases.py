"""Every kind of instrument says what it is in words, with its amount."""

from typing import Any, get_args

import pytest

from entrepot.data.documents import Document
from entrepot.policy.load import scenario_of
from entrepot.policy.scenario import AnyInstrument

FLOWS = {"origin": "IND", "destination": ["USA", "VNM"], "sector": "textiles"}

MOVED = "textiles, apparel and leather from India to the United States and Vietnam"

CASES: list[tuple[dict[str, Any], str]] = [
    (
        {"kind": "tariff", "add": "25 %", **FLOWS},
        "25 points more duty of the United States and Vietnam on Indian textiles, apparel and leather",
    ),
    (
        {"kind": "tariff", "add": -0.025},
        "2.5 points less duty of all countries on all goods",
    ),
    (
        {"kind": "tariff", "add": "25 %", "answer": "in-kind", "origin": ["MEX", "Canada"], "destination": "US"},
        "25 points more duty of the United States on all goods from Mexico and Canada, answered in kind",
    ),
    (
        {"kind": "tariff", "set": "30 %", "origin": "CHN", "destination": "EU27", "sector": "C29"},
        "30 % duty of the EU on Chinese motor vehicles",
    ),
    (
        {"kind": "tariff", "set": "0 %", **FLOWS},
        "0 % duty of the United States and Vietnam on Indian textiles, apparel and leather",
    ),
    (
        {"kind": "tariff", "add": {"table": "duties.csv", "as_of": "2025-08-21"}, "destination": "USA"},
        "duty of the United States on all goods, raised by table duties.csv as of 2025-08-21",
    ),
    (
        {"kind": "tariff", "add": {"schedule": "us-2025"}, "destination": "USA"},
        "duty of the United States on all goods, raised by schedule us-2025",
    ),
    (
        {"kind": "export_tax", "add": "-5 %", **FLOWS},
        "5 points less export tax of India on textiles, apparel and leather to the United States and Vietnam",
    ),
    (
        {"kind": "export_tax", "set": "5 %", **FLOWS},
        "5 % export tax of India on textiles, apparel and leather to the United States and Vietnam",
    ),
    (
        {"kind": "iceberg", "change": "10 %", **FLOWS},
        f"trade cost +10 %: {MOVED}",
    ),
    (
        {"kind": "iceberg", "change": "embargo", **FLOWS},
        f"embargo: {MOVED}",
    ),
    (
        {"kind": "iceberg", "change": {"table": "costs"}},
        "trade cost changed by table costs: all goods and services from all countries to all countries",
    ),
    (
        {"kind": "embargo", **FLOWS},
        f"embargo: {MOVED}",
    ),
    (
        {"kind": "barrier", "equivalent": "10 %", "rent": "exporter", **FLOWS},
        f"non-tariff barrier of 10 %, rent to the exporter: {MOVED}",
    ),
    (
        {"kind": "quota", "at_most": "90 %", "rent": "importer", **FLOWS},
        f"quota on the volume at 90 % of the base-year volume, rent to the importer: {MOVED}",
    ),
    (
        {"kind": "quota", "at_most": "30 billion", "of": "value", "rent": "importer", **FLOWS},
        f"quota on the value at 30 billion, rent to the importer: {MOVED}",
    ),
    (
        {"kind": "price_cap", "at_most": "80 %", **FLOWS},
        f"price cap at 80 % of the base-year price: {MOVED}",
    ),
    (
        {"kind": "discount", "share": "10 %", **FLOWS},
        f"price discount of 10 %, kept by buyers: {MOVED}",
    ),
    (
        {"kind": "discount", "share": "10 %", "kept_by": "state", **FLOWS},
        f"price discount of 10 %, kept by the state: {MOVED}",
    ),
    (
        {"kind": "penalty", "add": "25 %", "when": {"origin": "RUS", "destination": "IND", "above": "50 %"}, **FLOWS},
        f"penalty tariff +25 points: {MOVED}, while the value of all goods and services from Russia "
        "to India exceeds 50 % of the base-year value",
    ),
    (
        {"kind": "productivity", "change": "5 %", "country": "IND", "sector": "C26"},
        "productivity +5 %: computers and electronics made in India",
    ),
    (
        {"kind": "productivity", "towards": {"partner": "USA", "share": "50 %"}, "country": "IND"},
        "productivity closes 50 % of the gap to the United States: all goods and services made in India",
    ),
    (
        {"kind": "production_tax", "set": "-10 %", "country": "IND"},
        "production tax of \N{MINUS SIGN}10 %: all goods and services made in India",
    ),
    (
        {"kind": "production_tax", "add": "5 %", "country": "IND", "sector": "C26"},
        "production tax +5 points: computers and electronics made in India",
    ),
    (
        {"kind": "local_content", "subsidy": "10 %", "country": "IND", "sector": "C26"},
        "local-content subsidy of 10 %: computers and electronics made in India",
    ),
    (
        {"kind": "transfer", "payer": "DEU", "receiver": "IND", "amount": "500 million"},
        "transfer of 0.5 billion a year from Germany to India",
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
