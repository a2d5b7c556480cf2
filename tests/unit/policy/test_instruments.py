"""What each kind of instrument writes into the shock."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import entrepot
from entrepot.core.errors import InputError
from entrepot.economy.competitiveness import revealed_advantage
from entrepot.economy.economy import Economy
from entrepot.policy.shock import Shock

HEAD = "title: T\nreference: R\ndate: 2025-08-27\n"
CRUDE = {"origin": "RUS", "destination": "IND", "sector": "B06"}


def shock(folder: Path, world: Economy, *instruments: str, head: str = HEAD) -> Shock:
    path = folder / "mine.yaml"
    path.write_text(head + "instruments:\n" + "".join(f"  - {{{one}}}\n" for one in instruments), encoding="utf-8")
    return entrepot.load_scenario(path).shock(world)


def at(array: xr.DataArray | None, **labels: str) -> float:
    assert array is not None
    return float(array.sel(labels))


def test_an_export_tax_is_set_or_added(tmp_path: Path, world: Economy) -> None:
    found = shock(
        tmp_path, world, "kind: export_tax, add: 10 %, origin: IND, destination: [USA], sector: C21",
        "kind: export_tax, set: -5 %, origin: IND, destination: RUS, sector: C21",
    )  # fmt: skip
    assert at(found.export_tax, origin="IND", destination="USA", sector="C21") == pytest.approx(0.1)
    assert at(found.export_tax, origin="IND", destination="RUS", sector="C21") == pytest.approx(-0.05)
    assert float(abs(found.export_tax).sum()) == pytest.approx(0.15)  # type: ignore[arg-type]


def test_a_barrier_earns_its_rent_where_it_is_said(tmp_path: Path, world: Economy) -> None:
    to_importer = shock(
        tmp_path, world, "kind: barrier, equivalent: 20 %, rent: importer, origin: CHN, destination: IND, sector: C26"
    )
    base = at(world.tariff, origin="CHN", destination="IND", sector="C26")
    assert at(to_importer.tariff, origin="CHN", destination="IND", sector="C26") == pytest.approx(1.2 * (1 + base) - 1)
    to_exporter = shock(
        tmp_path, world, "kind: barrier, equivalent: 20 %, rent: exporter, origin: CHN, destination: IND, sector: C26"
    )
    assert at(to_exporter.export_tax, origin="CHN", destination="IND", sector="C26") == pytest.approx(0.2)


def test_an_embargo_is_an_infinite_cost(tmp_path: Path, world: Economy) -> None:
    found = shock(tmp_path, world, "kind: embargo, origin: RUS, destination: IND, sector: B06")
    assert at(found.iceberg_hat, **CRUDE) == np.inf
    assert int(np.isinf(found.iceberg_hat).sum()) == 1  # type: ignore[arg-type]


def test_a_discount_is_paid_by_the_seller_and_kept_by_buyers_or_their_state(tmp_path: Path, world: Economy) -> None:
    line = "kind: discount, share: 20 %, origin: RUS, destination: IND, sector: B06"
    to_buyers, to_state = (shock(tmp_path, world, f"{line}, kept_by: {who}") for who in ("buyers", "state"))
    base = at(world.tariff, **CRUDE)
    assert at(to_buyers.export_tax, **CRUDE) == pytest.approx(-0.2)
    assert at(to_buyers.tariff, **CRUDE) == pytest.approx(base)
    users = (1 + at(to_state.tariff, **CRUDE)) * (1 + at(to_state.export_tax, **CRUDE))
    assert users == pytest.approx(1 + base)  # what users pay is as it was


def test_a_discount_moves_income_from_seller_to_buyer(tmp_path: Path, world: Economy) -> None:
    line = "kind: discount, share: 20 %, origin: RUS, destination: IND, sector: B06, kept_by: state"
    result = entrepot.solve(world, shock(tmp_path, world, line))
    sold = at(result.trade_cf, **CRUDE) / 0.8
    assert at(result.export_tax_revenue_cf, country="RUS") == pytest.approx(-0.2 * sold, rel=1e-9)
    assert at(result.real_income_hat, country="RUS") < 1 < at(result.real_income_hat, country="IND")


def test_technology_changes_by_a_number_or_towards_a_partner(tmp_path: Path, world: Economy) -> None:
    found = shock(tmp_path, world, "kind: productivity, country: IND, sector: [C21, C26], change: 5 %")
    assert at(found.productivity_hat, country="IND", sector="C26") == pytest.approx(1.05)
    assert float((found.productivity_hat != 1).sum()) == 2  # type: ignore[union-attr, arg-type]
    towards = shock(tmp_path, world, "kind: productivity, country: IND, towards: {partner: RUS, share: 50 %}")
    ahead = revealed_advantage(world, "RUS", "IND")
    for sector in world.sectors:
        gain = at(towards.productivity_hat, country="IND", sector=sector)
        assert gain == pytest.approx(max(float(ahead.sel(sector=sector)), 1.0) ** 0.5)


def test_revealed_advantage_is_the_ratio_of_costs_where_distances_are_alike() -> None:
    # Shares as (cost * distance)^-theta: two exporters at the same distance from every market, one 30 % cheaper.
    theta, cost = 4.0, np.array([0.7, 1.0, 1.2, 0.9])
    distance = np.array([[1, 1.4, 1.7, 2.0], [1.4, 1, 1.7, 2.0], [1.5, 1.5, 1, 1.3], [1.6, 1.6, 1.2, 1]])
    share = (cost[:, None] * distance) ** -theta
    trade = 100 * share / share.sum(axis=0)
    names = ["A", "B", "C", "D"]
    dims = ("origin", "destination", "sector")
    economy = Economy.from_dataset(
        xr.Dataset(
            {"trade": (dims, trade[:, :, None])}, coords={"origin": names, "destination": names, "sector": ["s"]}
        ),
        theta=theta,
    )
    assert float(revealed_advantage(economy, "A", "B")[0]) == pytest.approx(1 / 0.7)
    assert float(revealed_advantage(economy, "B", "A")[0]) == pytest.approx(0.7)


def test_local_content_is_subsidised_at_home_only(tmp_path: Path, world: Economy) -> None:
    found = shock(tmp_path, world, "kind: local_content, country: IND, sector: electronics, subsidy: 10 %")
    assert at(found.export_tax, origin="IND", destination="IND", sector="C26") == pytest.approx(-0.1)
    assert float((found.export_tax != 0).sum()) == 1  # type: ignore[union-attr, arg-type]
    result = entrepot.solve(world, found)
    india = {"origin": "IND", "destination": "IND", "sector": "C26"}
    paid = at(result.trade_cf, **india) * 0.1 / 0.9  # the subsidy on what users pay 90 % of
    assert at(result.export_tax_revenue_cf, country="IND") == pytest.approx(-paid, rel=1e-9)
    bought = at(result.trade_share_cf, **india) / at(world.trade_share, **india)
    assert bought > 1.2


def test_a_transfer_is_paid_and_received(tmp_path: Path, world: Economy) -> None:
    found = shock(tmp_path, world, "kind: transfer, payer: RUS, receiver: IND, amount: 5 billion")
    assert at(found.transfer, country="IND") == 5000
    assert at(found.transfer, country="RUS") == -5000


def test_limits_are_read_in_shares_of_the_base_year_and_in_money(tmp_path: Path, world: Economy) -> None:
    found = shock(
        tmp_path, world,
        "kind: quota, origin: IND, destination: USA, sector: textiles, at_most: 80 %, rent: exporter",
        "kind: quota, origin: RUS, destination: IND, sector: B06, of: value, at_most: 5bn, rent: importer",
        "kind: price_cap, origin: RUS, sector: B06, at_most: 0.9",
        "kind: penalty, origin: IND, destination: USA, add: 25 %, "
        "when: {origin: RUS, destination: IND, sector: B06, above: 50 %}",
    )  # fmt: skip
    first, second, third, fourth = found.limits
    assert first.at_most == pytest.approx(0.8 * at(world.trade, origin="IND", destination="USA", sector="C13T15"))
    assert (second.at_most, second.of, second.rent) == (5000, "value", "importer")
    assert (third.at_most, third.of, third.rent) == (0.9, "price", "importer")
    assert fourth.at_most == pytest.approx(0.5 * at(world.trade, **CRUDE))
    assert fourth.points is not None
    assert at(fourth.points, origin="IND", destination="USA", sector="C13T15") == 0.25
    assert at(fourth.points, origin="IND", destination="USA", sector="SERVICES") == 0.0


def test_a_minus_takes_out_what_it_names(tmp_path: Path, world: Economy) -> None:
    found = shock(
        tmp_path, world, "kind: iceberg, change: -2 %, origin: IND, destination: [all, -USA, -EU27], sector: goods"
    )
    assert at(found.iceberg_hat, origin="IND", destination="RUS", sector="C21") == pytest.approx(0.98)
    for spared in ("USA", "DEU", "IND"):
        assert at(found.iceberg_hat, origin="IND", destination=spared, sector="C21") == 1.0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("kind: barrier, equivalent: -10 %, rent: importer", "a barrier that earns a rent can only be added"),
        ("kind: barrier, equivalent: 10 %", r"instruments\[0\].rent: missing"),
        ("kind: discount, share: 120 %, origin: RUS", "a discount is at least 0 and below 100 %"),
        ("kind: productivity, country: IND", "give one of `change` and `towards`"),
        ("kind: productivity, country: IND, change: -100 %", "productivity cannot fall by 100 %"),
        ("kind: productivity, country: IND, towards: {partner: IND, share: 0.5}", "IND cannot catch up with itself"),
        ("kind: productivity, country: IND, towards: {partner: EU27, share: 0.5}", "partner 'EU27' is a group"),
        ("kind: local_content, country: IND, subsidy: 100 %", "a subsidy of the whole price gives the goods away"),
        ("kind: transfer, payer: RUS, receiver: RUS, amount: 5bn", "from RUS to RUS: name two countries"),
        ("kind: transfer, payer: RUS, receiver: IND, amount: 5", "write a sum as '30 billion'"),
        ("kind: quota, origin: IND, destination: USA, at_most: 0 %, rent: importer", "a quota must be above 0"),
        ("kind: quota, origin: IND, destination: USA, at_most: 5 lakh, rent: importer", "write a sum as '30 billion'"),
        ("kind: quota, origin: IND, destination: USA, at_most: 50 %", r"instruments\[0\].rent: missing"),
        ("kind: quota, origin: IND, destination: KHM, sector: A02, at_most: 50 %, rent: importer", "nothing is traded"),
        ("kind: price_cap, origin: RUS, at_most: 60", "found 60, which is 6000 %"),
        ("kind: penalty, origin: IND, destination: USA, add: 25 %, when: {origin: RUS}", "when.above: missing"),
        ("kind: tariff, set: {schedule: us-duties-on-india}", "a schedule has what acts add to ordinary duties"),
        ("kind: tariff, add: {schedule: us-dutys-on-india}", "nearest: us-duties-on-india"),
        ("kind: tariff, add: {tabel: x}", r"instruments\[0\].add.tabel: unknown field; nearest: table"),
    ],
)  # fmt: skip
def test_what_has_no_meaning_is_told(tmp_path: Path, world: Economy, line: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        shock(tmp_path, world, line)


PARAMETERS = HEAD + "parameters:\n  cut: {value: -10 %, from: -40 %, to: 0, what: a cut}\n"


def test_parameters_are_filled_in_and_set_from_outside(tmp_path: Path, world: Economy) -> None:
    line = "kind: iceberg, change: $cut, origin: IND, destination: RUS, sector: C21"
    assert (
        at(shock(tmp_path, world, line, head=PARAMETERS).iceberg_hat, origin="IND", destination="RUS", sector="C21")
        == 0.9
    )
    scenario = entrepot.load_scenario(tmp_path / "mine.yaml").on("2025-01-02")
    other = scenario.with_parameters(cut="-25 %")
    assert at(other.shock(world).iceberg_hat, origin="IND", destination="RUS", sector="C21") == 0.75
    assert str(other.date) == "2025-01-02"
    with pytest.raises(InputError, match=r"line 5: parameters.cut: found -50 %; stay between -40 % and 0 %"):
        scenario.with_parameters(cut=-0.5)
    with pytest.raises(InputError, match="mine: no parameter 'cutt'; nearest: cut"):
        scenario.with_parameters(cutt=-0.5)


@pytest.mark.parametrize(
    ("head", "line", "message"),
    [
        (PARAMETERS, "kind: iceberg, change: $cat, origin: IND, destination: RUS", "no parameter 'cat'; nearest: cut"),
        (PARAMETERS, "kind: iceberg, change: 0.1, origin: IND, destination: RUS", "no instrument names it"),
        (PARAMETERS.replace("from: -40 %, ", ""), "kind: iceberg, change: $cut", "give both `from` and `to`"),
        (PARAMETERS.replace("-40 %, to: 0", "0, to: -40 %"), "kind: iceberg, change: $cut", "exchange its ends"),
        (PARAMETERS.replace("-10 %", "minus ten"), "kind: iceberg, change: $cut", "write a rate as 0.25"),
    ],
)  # fmt: skip
def test_wrong_parameters_are_told(tmp_path: Path, world: Economy, head: str, line: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        shock(tmp_path, world, line, head=head)


def test_tables_with_dates_give_the_rates_of_the_day(tmp_path: Path, world: Economy) -> None:
    (tmp_path / "rates.csv").write_text(
        "date,origin,destination,sector,rate\n2025-01-01,IND,USA,C21,0.1\n2025-06-01,IND,USA,C21,0.2\n"
        "2025-06-01,CHN,USA,C21,0.3\n",
        encoding="utf-8",
    )
    line = "kind: tariff, set: {table: rates.csv}, origin: IND"
    (tmp_path / "mine.yaml").write_text(HEAD + f"instruments:\n  - {{{line}}}\n", encoding="utf-8")
    scenario = entrepot.load_scenario(tmp_path / "mine.yaml")
    here = {"origin": "IND", "destination": "USA", "sector": "C21"}
    rates = {on: at(scenario.on(on).shock(world).tariff, **here) for on in ("2024-12-31", "2025-05-31", "2025-06-01")}
    assert rates == {"2024-12-31": at(world.tariff, **here), "2025-05-31": 0.1, "2025-06-01": 0.2}
    china = {**here, "origin": "CHN"}
    assert at(scenario.shock(world).tariff, **china) == at(world.tariff, **china)  # the instrument is about India
    fixed = line.replace("rates.csv", "rates.csv, as_of: 2025-05-31")
    assert at(shock(tmp_path, world, fixed).tariff, **here) == 0.1
    (tmp_path / "rates.csv").write_text(
        "date,origin,destination,sector,rate\n1 May,IND,USA,C21,0.1\n", encoding="utf-8"
    )
    with pytest.raises(InputError, match="rates.csv, line 2: found '1 May'; write a date as 2025-08-27"):
        shock(tmp_path, world, line)
