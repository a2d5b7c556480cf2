import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.app.web.desk.form_rows import ROW_KINDS, FormRow
from entrepot.app.web.desk.url_state import MAX_ROWS, OWN, UrlState, parse
from entrepot.core.errors import InvalidDocument

WORDS = st.text(alphabet="ABCDEFGHIJabc_19,- $", min_size=0, max_size=12).map(str.strip)
LINES = st.builds(
    FormRow, st.sampled_from(sorted(ROW_KINDS)), WORDS, WORDS, WORDS, st.sampled_from(["25", "-7.5", "", "x"])
)
ADDRESSES = st.builds(
    UrlState, case=st.sampled_from([OWN, "us-tariffs-world"]), on=WORDS, title=WORDS, model=WORDS, look=WORDS,
    without=st.sets(st.integers(1, 99), max_size=4).map(lambda found: tuple(sorted(found))),
    parameters=st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), WORDS, max_size=3),
    rows=st.lists(LINES, max_size=5).map(tuple),
)  # fmt: skip


@given(ADDRESSES)
def test_a_state_survives_its_address(state: UrlState) -> None:
    assert parse(state.query()) == state
    assert parse(state.query()).query() == state.query()


def test_an_address_is_readable_and_the_same_whatever_the_order_of_its_fields() -> None:
    text = "v=1&case=own&do=tariff_add&from=IND,VNM&to=USA&goods=textiles&by=25&look=IND"
    turned = "look=IND&by=25&goods=textiles&to=USA&from=IND%2CVNM&do=tariff_add&case=own"
    assert parse(text) == parse(turned)
    assert parse(turned).query() == "v=1&case=own&look=IND&do=tariff_add&from=IND,VNM&to=USA&goods=textiles&by=25"


def test_no_address_is_the_case() -> None:
    assert parse("") == UrlState()


def test_adding_and_removing_are_done_by_the_address_alone() -> None:
    one = parse("case=own&add=1")
    assert len(one.rows) == 1
    two = parse(one.query() + "&add=1")
    assert len(two.rows) == 2
    assert two.rows[1].source == two.rows[0].source
    assert parse(two.query() + "&remove=1").rows == two.rows[1:]
    full = UrlState(case=OWN, rows=(FormRow(),) * MAX_ROWS)
    assert parse(full.query() + "&add=1") == full


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("cas=own", "unknown field cas; nearest: case; remove it"),
        ("v=2", "another version"),
        ("do=tariff_add&from=IND", "a line has one each of do, from, to, goods, by; found 1 do, 1 from, 0 to"),
        ("do=tarif&from=a&to=b&goods=c&by=1", "do=tarif; nearest: tariff"),
        ("without=0", "write the number of an instrument"),
        ("without=x", "write the number of an instrument"),
        ("title=" + "x" * 20_000, "is too long"),
        ("&".join(["do=embargo&from=a&to=b&goods=c&by="] * (MAX_ROWS + 1)), "use at most"),
    ],
)
def test_an_address_that_says_nothing_sensible_is_told(query: str, message: str) -> None:
    with pytest.raises(InvalidDocument, match=message):
        parse(query)


@pytest.mark.parametrize("do", sorted(ROW_KINDS))
def test_every_kind_of_line_is_an_instrument_that_a_scenario_takes(do: str) -> None:
    from entrepot.data.documents import Document
    from entrepot.policy.load import scenario_of

    kind = ROW_KINDS[do]
    line = FormRow(do, "IND", "USA", "textiles, C26", f"{kind.default:g}")
    content = {"title": "t", "reference": "r", "date": "2026-01-01", "instruments": [line.instrument()]}
    made = scenario_of(Document(content)).instruments[0]
    assert made.sector == ("textiles", "C26")  # type: ignore[union-attr]
    if kind.low is not None and kind.high is not None:
        assert kind.low <= kind.default <= kind.high
        for end in (kind.low, kind.high):
            FormRow(do, "IND", "USA", "textiles", f"{end:g}").instrument()


@pytest.mark.parametrize("by", ["", "ten", "nan", "inf", "1e999"])
def test_a_number_that_is_none_is_told(by: str) -> None:
    with pytest.raises(InvalidDocument, match="write per cent as a number"):
        FormRow(by=by).instrument()


def test_a_typographic_minus_is_a_minus() -> None:
    assert FormRow(by="\N{MINUS SIGN}7.5 %".replace(" ", "")).number == -7.5
