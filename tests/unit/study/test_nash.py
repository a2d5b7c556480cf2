"""Trade wars: against the symmetric case solved by hand, by deviations, and against best responses one at a time."""

import numpy as np
import pytest
import xarray as xr
from scipy.optimize import brentq

import entrepot
from economies import random_economy
from entrepot.core.errors import InputError
from entrepot.economy.economy import Economy
from entrepot.report.answers import tariff_games

pytestmark = pytest.mark.slow


def symmetric(home: float, theta: float) -> Economy:
    trade = 100 * np.array([[home, 1 - home], [1 - home, home]])[:, :, None]
    coords = {"origin": ["A", "B"], "destination": ["A", "B"], "sector": ["good"]}
    return Economy.from_dataset(xr.Dataset({"trade": (("origin", "destination", "sector"), trade)}, coords), theta)


def by_hand(home: float, theta: float, revenue: bool) -> float:
    """Return the tariff of two equal countries that answer each other.

    A partner that spends the share m = 1 - h abroad at the tariff t pays V = m w / (1 + t h) for imports at the border,
    its duty being income too. The optimal tariff is one over the elasticity of V by the terms of trade,
    theta h (1 + t) / (1 + t h). Leaving the duty out of income gives theta h, the closed form.
    """

    def excess(tariff: float) -> float:
        own = home / (home + (1 - home) * (1 + tariff) ** -theta)
        elasticity = theta * own * ((1 + tariff) / (1 + tariff * own) if revenue else 1.0)
        return tariff - 1 / elasticity

    return float(brentq(excess, 1e-6, 10, xtol=1e-14))


@pytest.mark.parametrize(("home", "theta"), [(0.7, 4.0), (0.5, 2.5), (0.9, 8.0)])
def test_two_equal_countries_set_the_tariffs_found_by_hand(home: float, theta: float) -> None:
    war = entrepot.nash(symmetric(home, theta))
    assert war.rates["rate"].tolist() == pytest.approx([by_hand(home, theta, revenue=True)] * 2, abs=1e-8)
    assert war.slope < 1e-6
    assert war.largest_gain < 1e-8
    closed = entrepot.nash(symmetric(home, theta), rule="sufficient_statistics")
    assert closed.rates["rate"].tolist() == pytest.approx([by_hand(home, theta, revenue=False)] * 2, abs=1e-7)
    assert closed.rates["rate"].iloc[0] > war.rates["rate"].iloc[0]


@pytest.mark.parametrize("by", ["uniform", "sector"])
@pytest.mark.parametrize("model", ["caliendo_parro", "multi_sector"])
def test_no_government_does_better_by_looking_for_its_best_answer_alone(by: str, model: str) -> None:
    economy = random_economy(4, countries=4, sectors=2, zeros=0.0)
    war = entrepot.nash(economy, by=by, model=model)
    assert war.slope < 1e-6
    assert war.largest_gain < 1e-8
    for code in economy.countries:
        alone = entrepot.optimal_tariff(
            economy, code, by, given=entrepot.Shock(tariff=war.result.tariff_cf), model=model, starts=2
        )
        assert alone.value - alone.before < 1e-8
        assert alone.rates["rate"].tolist() == pytest.approx(
            war.rates.query("government == @code")["rate"].tolist(), abs=1e-5
        )


def test_deviations_find_who_would_leave_rates_that_are_no_equilibrium() -> None:
    economy = random_economy(4, countries=4, sectors=2, zeros=0.0)
    closed = entrepot.nash(economy, rule="sufficient_statistics")
    assert closed.largest_gain > 1e-7
    assert "is no equilibrium" in shown(tariff_games.war_render(closed, None))


def test_those_who_are_not_named_keep_their_taxes_and_groups_act_as_one(world: Economy) -> None:
    war = entrepot.nash(world, ["USA", "EU27"], deviations=False)
    assert war.rates["government"].tolist() == ["USA", "EU27"]
    kept = war.result.tariff_cf.sel(destination="CHN")
    assert kept.equals(world.tariff.sel(destination="CHN"))
    of_union = war.result.tariff_cf.sel(origin="USA", destination=["DEU", "FRA"], sector="C26")
    assert float(of_union.max()) == float(of_union.min()) == war.rates["rate"].iloc[1]
    assert np.isnan(war.largest_gain)


def test_a_country_without_anything_to_tax_is_left_out_unless_it_is_named() -> None:
    economy = random_economy(4, countries=4, sectors=2, zeros=0.0)
    trade = np.array(economy.trade.values)
    trade[:3, 3, 0] = 0.0  # C3 buys only s1 abroad
    part = Economy.from_dataset(
        xr.Dataset({"trade": (("origin", "destination", "sector"), trade)}, economy.trade.coords), economy.theta
    )
    war = entrepot.nash(part, sectors=["s0"], deviations=False)
    assert war.rates["government"].tolist() == ["C0", "C1", "C2"]
    with pytest.raises(InputError, match="C3: nothing is traded that a rate could apply to"):
        entrepot.nash(part, ["C0", "C3"], sectors=["s0"])


def test_rates_at_a_bound_say_so_whatever_rounding_does() -> None:
    war = entrepot.nash(symmetric(0.7, 4.0), bounds=(-0.5, 0.145), deviations=False)
    assert war.rates["bound"].tolist() == ["high", "high"]
    assert war.slope == 0.0


def test_agreement_brings_more_to_all_together_than_war() -> None:
    economy = random_economy(4, countries=4, sectors=2, zeros=0.0).rebalanced("zero")
    war = entrepot.nash(economy)
    agreed = war.cooperative()
    weights = economy.income.values
    assert float(agreed.welfare["agreement"] @ weights) > float(war.welfare["war"] @ weights)
    assert tariff_games.war_document(war, agreed)["agreement"]["welfare"][0]["government"] == "C0"
    assert "agreement %" in shown(tariff_games.war_render(war, agreed))


@pytest.mark.long  # three governments of the world, and groups that act as one, are in the tests around
def test_a_war_of_forty_countries_of_the_world_settles(world: Economy) -> None:
    """Forty governments and fourteen sectors with inputs: as many as a published study has, all at once."""
    large = world.income.drop_sel(country="ROW").to_series().nlargest(39).index
    others = {code: "REST" for code in world.countries if code not in large}
    goods = {sector: group for group, members in world.sector_groups.items() for sector in members}
    economy = world.aggregate(countries=others, sectors=goods).rebalanced("zero")
    war = entrepot.nash(economy)
    assert len(war.rates) == 40
    assert war.slope < 1e-6
    assert war.largest_gain < 1e-8
    assert float(war.welfare["change_pct"] @ economy.income.sel(country=war.welfare.index.to_numpy()).values) < 0
    # the largest and one of the smallest, each searching by itself while the others keep their rates
    for code in ("USA", "IRL"):
        alone = entrepot.optimal_tariff(economy, code, given=entrepot.Shock(tariff=war.result.tariff_cf), starts=2)
        assert alone.value - alone.before < 1e-8
        assert alone.rates["rate"].tolist() == pytest.approx(
            war.rates.query("government == @code")["rate"].tolist(), abs=1e-6
        )


@pytest.mark.parametrize(
    ("players", "options", "message"),
    [
        (["C1", "C9"], {}, "unknown country 'C9'"),
        (["C1", "C1"], {}, "in two governments"),
        ([], {}, "players: found .*; give one name or a list of names"),
        (3, {}, "players: found 3; give one name or a list of names"),
        (None, {"rule": "exakt"}, "no rule 'exakt'; nearest: exact"),
        (None, {"rule": "sufficient_statistics", "by": "sector"}, "the closed form is one tariff"),
    ],
)
def test_what_makes_no_sense_is_refused(players: list[str] | None, options: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        entrepot.nash(random_economy(4), players, **options)  # type: ignore[arg-type]


def shown(what: object) -> str:
    from rich.console import Console

    console = Console(width=120)
    with console.capture() as captured:
        console.print(what)
    return " ".join(captured.get().split())


def test_two_equal_countries_beside_a_third_tax_each_other_by_hand() -> None:
    """The third country trades with nobody, so the tariffs are those of the case with two."""
    home, theta = 0.7, 4.0
    trade = np.zeros((3, 3, 1))
    trade[:2, :2, 0] = 100 * np.array([[home, 1 - home], [1 - home, home]])
    trade[2, 2] = 50.0
    names = ["A", "B", "C"]
    coords = {"origin": names, "destination": names, "sector": ["good"]}
    economy = Economy.from_dataset(xr.Dataset({"trade": (("origin", "destination", "sector"), trade)}, coords), theta)
    war = entrepot.nash(economy, ["A", "B"], between_players=True)
    assert war.rates["rate"].tolist() == pytest.approx([by_hand(home, theta, revenue=True)] * 2, abs=1e-8)


def test_players_that_tax_each_other_only_leave_all_other_duties_and_would_not_move_alone() -> None:
    economy = random_economy(4, countries=4, sectors=2, zeros=0.0)
    war = entrepot.nash(economy, ["C0", "C1"], between_players=True)
    each_other = np.zeros(economy.tariff.shape, dtype=bool)
    each_other[0, 1] = each_other[1, 0] = True
    found, before = war.result.tariff_cf.values, economy.tariff.values
    np.testing.assert_array_equal(found[~each_other], before[~each_other])
    assert [found[1, 0].max(), found[0, 1].max()] == war.rates["rate"].tolist()
    assert war.slope < 1e-6
    assert war.largest_gain < 1e-8
    for code, other, rate in (("C0", "C1", 0), ("C1", "C0", 1)):
        given = entrepot.Shock(tariff=war.result.tariff_cf)
        alone = entrepot.optimal_tariff(economy, code, partners=[other], given=given, starts=2)
        assert alone.rates["rate"].iloc[0] == pytest.approx(war.rates["rate"].iloc[rate], abs=1e-5)
    everybody = entrepot.nash(economy, ["C0", "C1"])
    assert (everybody.result.tariff_cf.values != before)[2].any()
    assert "2 governments that tax each other only" in tariff_games.war_headline(war)


def test_three_governments_one_of_them_a_group_tax_each_other_by_partner(world: Economy) -> None:
    war = entrepot.nash(world, ["USA", "EU27", "CHN"], "partner", between_players=True, deviations=False)
    union = war.rates[war.rates["government"] == "EU27"]
    assert sorted(union["partner"]) == ["CHN", "USA"]
    kept = {"origin": "IND", "destination": ["USA", "DEU", "CHN"]}
    assert war.result.tariff_cf.sel(kept).equals(world.tariff.sel(kept))
    inside = {"origin": "DEU", "destination": "FRA"}
    assert war.result.tariff_cf.sel(inside).equals(world.tariff.sel(inside))
    assert war.slope < 1e-6


@pytest.mark.parametrize(
    ("players", "rule", "message"),
    [
        (["C0"], "exact", "between_players: found one player, C0; name two or more"),
        (None, "exact", "between_players: name the players"),
        (["C0", "C1"], "sufficient_statistics", "one tariff on trade with everybody; leave out between_players"),
    ],
)
def test_players_that_could_not_tax_each_other_only_are_refused(
    players: list[str] | None, rule: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        entrepot.nash(random_economy(4), players, rule=rule, between_players=True)  # type: ignore[arg-type]
