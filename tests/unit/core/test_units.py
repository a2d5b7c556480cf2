import pytest

from entrepot.core.units import parse_bounds, parse_rate


@pytest.mark.parametrize(
    ("written", "rate"),
    [(0.25, 0.25), ("25 %", 0.25), ("-10%", -0.1), (" 7.5 % ", 0.075), (0, 0.0), (2, 2.0), ("600 %", 6.0)],
)
def test_rates_are_read_as_people_write_them(written: object, rate: float) -> None:
    assert parse_rate(written) == pytest.approx(rate)


@pytest.mark.parametrize("written", ["25", "a quarter", True, None, float("nan"), float("inf"), "nan %", [1]])
def test_what_is_no_rate_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="found"):
        parse_rate(written)


def test_a_forgotten_per_cent_sign_is_noticed() -> None:
    with pytest.raises(ValueError, match="found 25, which is 2500 %; write '25 %' if you mean per cent"):
        parse_rate(25)


@pytest.mark.parametrize(
    ("written", "bounds"),
    [("-40%..0%", (-0.4, 0.0)), ("1..5", (1.0, 5.0)), (" ..10%", (None, 0.1)), ("-0.3..", (-0.3, None))],
)
def test_bounds_are_read_as_people_write_them(written: str, bounds: tuple[float | None, float | None]) -> None:
    assert parse_bounds(written) == bounds


@pytest.mark.parametrize(
    ("written", "message"), [("0", "two dots between"), ("..", "two dots between"), ("low..0%", "'low' is no number")]
)
def test_what_are_no_bounds_is_refused(written: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_bounds(written)
