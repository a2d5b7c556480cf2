"""UN Comtrade, without a network: the official client on answers of our own making in the service's format."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import entrepot
from entrepot.core.errors import FileProblem, InputError, MissingExtra, UnknownLabel
from entrepot.data.comtrade import download, write_facts

pytest.importorskip("comtradeapicall", reason="the extra `comtrade` is not installed")

COUNTRIES = {"results": [{"iso3": "IND", "country_area_code": 699}, {"iso3": "RUS", "country_area_code": 643}]}


def row(partner: str, code: str, value: float, weight: float | None, period: str = "2024") -> dict[str, Any]:
    return {
        "reporterISO": "IND", "partnerISO": partner, "cmdCode": code, "period": period, "primaryValue": value,
        "netWgt": weight, "flowCode": "M",
    }  # fmt: skip


class Answer:
    def __init__(self, document: object, status: int = 200) -> None:
        self.data, self.status = json.dumps(document).encode(), status


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, Any]]]:
    """Return what sets the service's answer, and gives the list of what it is then asked."""

    def answers(document: object, status: int = 200) -> list[dict[str, Any]]:
        asked: list[dict[str, Any]] = []

        def request(
            self: object, method: str, url: str, fields: dict[str, Any] | None = None, **rest: object
        ) -> Answer:
            if "country_area_code_iso" in url:
                return Answer(COUNTRIES)
            asked.append({"url": url, **(fields or {})})
            return Answer(document, status)

        monkeypatch.setattr("urllib3.PoolManager.request", request)
        return asked

    return answers


def test_values_come_in_millions_and_weights_in_million_tonnes(service: Callable[..., Any], tmp_path: Path) -> None:
    asked = service({"data": [row("RUS", "2709", 50_284.72e6, 87.5386e9), row("W00", "2709", 143e9, None)]})
    table = download("IND", "imports", ["crude"], ["2024"], ["RUS", "WLD"])
    assert [tuple(one) for one in table[["partner", "partner_kind", "product", "value", "unit"]].to_numpy()] == [
        ("RUS", "economy", "crude", 87.5386, "Mt"),
        ("RUS", "economy", "crude", 50_284.72, "USD million"),
        ("WLD", "total", "crude", 143_000.0, "USD million"),
    ]
    assert asked[0]["reportercode"] == "699"
    assert asked[0]["partnerCode"] == "0,643"
    assert asked[0]["cmdCode"] == "2709"
    assert "/public/v1/preview/" in asked[0]["url"]
    path = tmp_path / "comtrade.csv"
    write_facts(table, path)
    facts = entrepot.load_facts(path)
    assert len(facts.rows(source=["un_comtrade"])) == 3
    source = facts.sources["un_comtrade"]
    assert source is not None
    assert "UN Comtrade" in source.source


def test_a_key_opens_the_full_service(service: Callable[..., Any]) -> None:
    asked = service({"data": [row("RUS", "TOTAL", 64e9, 0.0)]})
    table = download("IND", "imports", ["all_goods"], ["2024"], key="secret")
    assert "/data/v1/get/" in asked[0]["url"]
    assert "partnerCode" not in asked[0]
    assert list(table["unit"]) == ["USD million"]


def test_an_answer_that_may_be_cut_is_refused(service: Callable[..., Any]) -> None:
    service({"data": [row("RUS", "TOTAL", float(number), None) for number in range(500)]})
    with pytest.raises(FileProblem, match="gave 500 rows, as many as it gives at once.* or give a key"):
        download("IND", "imports", ["all_goods"], ["2024"])


def test_what_the_client_prints_becomes_an_error(
    service: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    service({"message": "Access denied due to invalid subscription key"}, status=401)
    with pytest.raises(FileProblem, match="did not answer: .*invalid subscription key.*; check the key"):
        download("IND", "imports", ["all_goods"], ["2024"], key="wrong")
    assert capsys.readouterr().out == ""


def test_no_figures_and_no_network_are_said(service: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    service({"data": []})
    with pytest.raises(FileProblem, match="has no such figures"):
        download("IND", "imports", ["all_goods"], ["2024"])

    def broken(*words: object, **more: object) -> None:
        raise ConnectionError("no route")

    monkeypatch.setattr("urllib3.PoolManager.request", broken)
    with pytest.raises(FileProblem, match=r"cannot be reached \(ConnectionError\); check the network"):
        download("IND", "imports", ["all_goods"], ["2024"])


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        (("IND", "import", ["crude"], ["2024"]), InputError, "flow is 'import'; nearest: imports"),
        (("IND", "imports", ["crud"], ["2024"]), UnknownLabel, "no product 'crud'; nearest: crude"),
        (("IND", "imports", ["crude"], ["FY2024-25"]), InputError, "has calendar years, not FY2024-25"),
        (("IDN", "imports", ["crude"], ["2024"]), UnknownLabel, "knows no country IDN"),
    ],
)
def test_a_wrong_question_is_not_asked(
    service: Callable[..., Any], asked: Any, error: type[InputError], message: str
) -> None:
    calls = service({"data": []})
    with pytest.raises(error, match=message):
        download(*asked)
    assert calls == []


def test_without_the_client_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "comtradeapicall", None)
    with pytest.raises(MissingExtra, match=r"install it: pip install 'entrepot\[comtrade\]'"):
        download("IND", "imports", ["crude"], ["2024"])
