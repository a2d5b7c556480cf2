import pytest

import entrepot
from entrepot.app.web.desk.state_to_request import selected_case, solve_request, with_pinned_date
from entrepot.app.web.desk.url_state import OWN, UrlState, parse
from entrepot.core.errors import InvalidDocument
from entrepot.data import shipped


@pytest.mark.parametrize("name", shipped.names("scenarios"))
def test_every_instrument_of_a_case_has_its_phrase(name: str) -> None:
    for option in entrepot.load_scenario(name).options or [""]:
        case = selected_case(UrlState(case=name, option=option))
        assert len(case.phrases) == len(case.instruments) > 0
        for written, phrase in zip(case.instruments, case.phrases, strict=True):
            assert {"tariff": "duty", "iceberg": "trade cost"}.get(written["kind"], written["kind"]) in phrase


def test_an_empty_scenario_is_no_request_and_gets_a_date() -> None:
    state = with_pinned_date(parse(f"case={OWN}"))
    assert state.on
    assert solve_request(state, selected_case(state)) is None


def test_a_request_without_an_instrument_of_the_case_is_a_document() -> None:
    state = parse("case=oil-penalty-trade-off&without=1&do=embargo&from=RUS&to=IND&goods=B06&by=")
    request = solve_request(state, selected_case(state))
    assert request is not None
    assert request.scenario is None
    assert request.document is not None
    assert request.document["instruments"][-1] == {
        "kind": "embargo", "origin": "RUS", "destination": "IND", "sector": "B06",
    }  # fmt: skip


def test_a_number_of_an_instrument_that_the_case_does_not_have() -> None:
    state = parse("case=oil-penalty-trade-off&without=9")
    with pytest.raises(InvalidDocument, match="the case has 3 instruments"):
        solve_request(state, selected_case(state))
