"""Results of what is shipped, by name: through the front door and the command line only, so that rooms may be rebuilt.

Names are paths, ``solve/SCENARIO/MODEL/RULE/OUTCOME``. A number is in the unit in which the front door gives it.
`scripts/write_golden.py` writes them to ``results.csv``, `test_golden.py` compares.

Searches (goals, best taxes, trade wars, break-even) are here to all digits: they come out the same to the bit in
another order and on one thread, and to 1e-11 with another vector width of the compiler, which rounds differently.
"""

import io
import json
import runpy
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd

import entrepot

Value = float | str
Rows = Iterator[tuple[str, Value]]
Section = Callable[[], Rows]

CASE = "us-tariffs-on-india-2025"
OIL = "oil-penalty-trade-off"
RECIPE = "icio2022-india-russia-2025"
SCHEDULE = "us-duties-on-india"
COUNTRIES = ("IND", "USA", "RUS", "CHN")
RULES = ("fixed", "scaled", "zero")
OTHER_MODELS = ("multi_sector", "armington", "conditional_gravity", "krugman", "years_2_3", "nested_ces")
HELD = "conditional_gravity"  # holds incomes, so it has no rule but "fixed", and no taxes that could raise them
EVERY_RULE = (CASE, "us-tariffs-world")
"""Scenarios that models other than the default solve by every rule; the others by ``fixed``, to save time."""

ELASTICITIES = (
    "bagwell_staiger_yurukoglu_2021",
    "caliendo_parro_2015",
    "fontagne_guimbard_orefice_2022_gtap",
    "fontagne_guimbard_orefice_2022_tiva",
    "giri_yi_yilmazkuday_2021",
    "icio_triple_difference",
    "lashkaripour_lugovskyy_2023",
    "shapiro_2016",
    "uniform_4",
)
INSTRUMENTS = {
    "quota": "{kind: quota, origin: CHN, destination: USA, sector: C26, at_most: 80 %, of: volume, rent: exporter}",
    "price_cap": "{kind: price_cap, origin: RUS, destination: [all, -RUS], sector: B06, at_most: 99 %}",
    "penalty": (
        "{kind: penalty, origin: IND, destination: USA, add: 25 %,"
        " when: {origin: RUS, destination: IND, sector: B06, above: 50 %}}"
    ),
    "embargo": "{kind: embargo, origin: RUS, destination: IND}",
    "export_tax": "{kind: export_tax, add: 5 %, origin: IND, sector: goods}",
    "barrier": "{kind: barrier, equivalent: 10 %, rent: exporter, origin: CHN, destination: IND, sector: goods}",
    "local_content": "{kind: local_content, country: IND, sector: electronics, subsidy: 10 %}",
    "transfer": "{kind: transfer, payer: RUS, receiver: IND, amount: 5 billion}",
    "towards": "{kind: productivity, country: IND, sector: electronics, towards: {partner: CHN, share: 50 %}}",
}
"""What no shipped scenario has; the files of people who write their own have it."""

DAYS = (
    "2025-03-12", "2025-04-05", "2025-04-09", "2025-04-10", "2025-05-03", "2025-06-04", "2025-08-01", "2025-08-07",
    "2025-08-21", "2025-08-27", "2025-11-14", "2026-02-07", "2026-02-24",
)  # fmt: skip
DAYS_BY_ACT = ("2025-08-27", "2026-02-24")
WEDGES = {
    "tariff": ("ROW/IND/B06", "USA/IND/SERVICES", "CHN/IND/C26", "IND/USA/C13T15", "IND/USA/C21"),
    "export_tax": ("IND/USA/C13T15", "IND/USA/SERVICES"),
    "iceberg_hat": ("IND/IND/SERVICES", "IND/IND/C13T15", "IND/USA/C26", "CHN/IND/C26", "RUS/IND/B06"),
    "productivity_hat": ("IND/SERVICES", "IND/A01", "IND/C13T15", "USA/SERVICES"),
    "theta": ("C13T15", "C26", "SERVICES"),
}
"""Wedges by label, not by rank: ranks change with the last digit."""


def results(sections: Sequence[Section] | None = None) -> dict[str, Value]:
    """Return every result of some sections, or of all, by its name, in the order in which they are computed."""
    found: dict[str, Value] = {}
    for section in sections or SECTIONS:
        for name, value in section():
            assert name not in found, f"{name}: a name is given once"
            found[name] = value if isinstance(value, str) else float(value)
    return found


@cache
def world() -> Any:
    return entrepot.load_economy()


@cache
def balanced() -> Any:
    return entrepot.rebalance(world(), "zero")


@cache
def recent() -> Any:
    return entrepot.load_economy(RECIPE)


@cache
def case() -> Any:
    return entrepot.solve(world(), entrepot.load_scenario(CASE))


def scenarios() -> dict[str, Any]:
    """Return the shipped scenarios, each option and one other day as scenarios of their own."""
    oil = entrepot.load_scenario(OIL)
    names = (CASE, f"{CASE}-by-line", "us-tariffs-world", "diversification", "india-russia-balance",
             "make-in-india-technology")  # fmt: skip
    return {
        **{name: entrepot.load_scenario(name) for name in names},
        "us-tariffs-world@2026-02-24": entrepot.load_scenario("us-tariffs-world").on("2026-02-24"),
        f"{OIL}@stop": oil.option("stop"),
        f"{OIL}@keep": oil.option("keep"),
    }


def solved(scenario: Any, model: str, rule: str) -> Any:
    return entrepot.solve(world(), scenario, model=model, deficits=rule)


def command(*words: str) -> Any:
    """Return the JSON that a command prints, run in this process so that nothing is compiled twice."""
    with redirect_stdout(io.StringIO()) as printed, mock.patch.object(sys, "argv", ["entrepot", *words, "--json"]):
        runpy.run_module("entrepot", run_name="__main__")
    return json.loads(printed.getvalue())


def outcomes(result: Any, wanted: tuple[str, ...]) -> Rows:
    for text in wanted:
        yield text, result.outcome(text)


def tables(result: Any) -> Rows:
    """Yield what the tables of a result say, beside what `outcome` says of the same world."""
    countries = result.countries
    for country in COUNTRIES:
        yield f"real_income:{country}", countries.loc[country, "real_income_hat"]
    yield "real_wage:IND", countries.loc["IND", "real_wage_hat"]
    yield "consumer_price:USA", countries.loc["USA", "consumer_price_hat"]
    yield "tariff_revenue:USA", countries.loc["USA", "tariff_revenue_cf"]
    yield "exports:IND", countries.loc["IND", "exports_cf"]
    yield "trade:IND:USA:C13T15", result.trade_cf.sel(origin="IND", destination="USA", sector="C13T15")
    yield from outcomes(result, ("trade:IND:USA", "balance:IND:RUS", "price:USA:C26"))


def under(prefix: str, rows: Rows) -> Rows:
    for name, value in rows:
        yield f"{prefix}/{name}", value


def default_model() -> Rows:
    """Every scenario by every rule; ``zero`` on a base year that has been balanced before the change."""
    few = ("real_income:IND", "real_income:USA", "trade:IND:USA", "balance:IND:RUS")
    for name, scenario in scenarios().items():
        for rule in RULES:
            result = solved(scenario, "caliendo_parro", rule)
            rows = tables(result) if rule == "fixed" else outcomes(result, few)
            yield from under(f"solve/{name}/caliendo_parro/{rule}", rows)


def other_models() -> Rows:
    for model in OTHER_MODELS:
        for name, scenario in scenarios().items():
            for rule in RULES:
                if (model == HELD and rule != "fixed") or (rule != "fixed" and name not in EVERY_RULE):
                    continue
                result = solved(scenario, model, rule)
                wanted = ("real_income:IND", "trade:IND:USA") if rule == "fixed" else ("real_income:IND",)
                yield from under(f"solve/{name}/{model}/{rule}", outcomes(result, wanted))


def zero_together() -> Rows:
    """Yield results with imbalances removed together with the change: what ``zero`` meant to `solve` in version 0.1."""
    chosen = {name: scenarios()[name] for name in (CASE, "us-tariffs-world", "india-russia-balance")}
    for name, scenario in chosen.items():
        result = entrepot.solve(world(), scenario, deficits="zero_together")
        wanted = ("real_income:IND", "real_income:USA", "trade:IND:USA")
        yield from under(f"zero-together/{name}", outcomes(result, wanted))


def dials() -> Rows:
    chosen = {
        "nested_ces rho=0.8": entrepot.model("nested_ces", rho=0.8),
        "krugman scale_share=0.3": entrepot.model("krugman", scale_share=0.3),
        "caliendo_parro theta_factor=0.5": entrepot.model("caliendo_parro", theta_factor=0.5),
        "caliendo_parro psi:C26=0.1": entrepot.model("caliendo_parro", psi={"C26": 0.1}),
        "caliendo_parro specific_share:C26=0.5": entrepot.model("caliendo_parro", specific_share={"C26": 0.5}),
    }
    for name, model in chosen.items():
        result = entrepot.solve(world(), entrepot.load_scenario(CASE), model=model)
        yield from under(f"dial/{name}", outcomes(result, ("real_income:IND", "trade:IND:USA")))


def elasticities() -> Rows:
    for table in ELASTICITIES:
        economy = entrepot.load_economy("icio2022", table)
        result = entrepot.solve(economy, entrepot.load_scenario(CASE))
        yield f"elasticities/{table}/sum of theta", economy.theta.sum()
        yield from under(f"elasticities/{table}", outcomes(result, ("real_income:IND", "trade:IND:USA")))


def instruments() -> Rows:
    """Every kind of instrument that shipped scenarios do not have, written as people write theirs."""
    with tempfile.TemporaryDirectory() as folder:
        for name, written in INSTRUMENTS.items():
            path = Path(folder) / f"{name}.yaml"
            path.write_text(
                f"title: t\nreference: r\ndate: 2026-01-01\ninstruments:\n  - {written}\n", encoding="utf-8"
            )
            result = entrepot.solve(world(), entrepot.load_scenario(path))
            wanted = ("real_income:IND", "real_income:RUS", "trade:CHN:USA:C26", "trade:RUS:IND:B06")
            yield from under(f"instrument/{name}", outcomes(result, wanted))


def economies() -> Rows:
    bases = {
        "icio2022": world(),
        "icio2022 balanced": balanced(),
        "icio2022 scaled": world().rebalanced("scaled"),
        RECIPE: recent(),
        "rebased": entrepot.rebase(world(), {"IND:RUS:goods": "4.88 billion"}),
    }
    for name, economy in bases.items():
        goods = economy.trade.sel(sector=economy.goods)
        yield f"economy/{name}/output", economy.output.sum()
        yield f"economy/{name}/income:IND", economy.income.sel(country="IND")
        if economy is not balanced():  # there it is rounding about zero
            yield f"economy/{name}/deficit:IND", economy.deficit.sel(country="IND")
        yield f"economy/{name}/tariff_revenue:USA", economy.tariff_revenue.sel(country="USA")
        yield f"economy/{name}/trade:RUS:IND:B06", economy.trade.sel(origin="RUS", destination="IND", sector="B06")
        yield f"economy/{name}/trade:IND:RUS:goods", goods.sel(origin="IND", destination="RUS").sum()
    merged = world().aggregate(countries=dict.fromkeys(world().country_groups["EU27"], "EU"))
    result = entrepot.solve(merged, entrepot.load_scenario(CASE))
    yield from under("economy/icio2022 with EU merged", outcomes(result, ("real_income:IND", "real_income:EU")))
    result = entrepot.solve(recent(), entrepot.load_scenario("india-russia-balance"))
    yield from under(f"economy/{RECIPE}", outcomes(result, ("real_income:IND", "balance:IND:RUS:goods")))


def many() -> Rows:
    cost = world().trade * 0 + 1.0
    cost.loc[{"origin": "IND", "destination": "RUS"}] = 0.9
    names = ("diversification", "make-in-india-technology")
    changes = {name: entrepot.load_scenario(name) for name in names} | {"cost": entrepot.Shock(iceberg_hat=cost)}
    table = entrepot.solve_many(world(), changes, keep=["real_income_hat", "income_cf"])
    for name in changes:
        for kept in ("real_income_hat", "income_cf"):
            yield f"solve_many/{name}/{kept}:IND", table[kept].sel(scenario=name, country="IND")


def key_numbers() -> Rows:
    """What the first screen of a report says, by the command line."""
    asked = {
        "fixed": (CASE,),
        "scaled": (CASE, "--deficits", "scaled"),
        "zero": (CASE, "--deficits", "zero"),
        "recent base year": ("india-russia-balance", "--economy", RECIPE, "--set", "cut=-30%"),
    }
    for name, words in asked.items():
        for key, value in command("simulate", *words)["key_numbers"].items():
            yield f"key_numbers/{name}/{key}", value


def statements() -> Rows:
    for said in command("check", "india-russia-2025")["statements"]:
        name = f"statement/{said['id']}"
        yield f"{name}/verdict", said["verdict"]
        if said["share"] is None:
            continue
        yield f"{name}/share", said["share"]
        yield f"{name}/decides on", " and ".join(one["dimension"] for one in said["deciding"])
        for reading in said["readings"]:
            words = ", ".join([*reading["options"].values(), *reading["sources"]])
            truth = {True: "holds", False: "fails", None: "unknown"}[reading["holds"]]
            yield f"{name}/{words}", truth if reading["gap"] is None else reading["gap"]
            if reading["natural"]:
                yield from under(f"{name}/natural", iter(reading["numbers"].items()))


def rates() -> Rows:
    schedule = entrepot.load_schedule(SCHEDULE)
    for day in DAYS:
        words = command("tariffs", "--on", day, "--from", "IND")
        yield from under(f"rates/{day}/average", iter(words["average_added"].items()))
        if day in DAYS_BY_ACT:
            acts = ((act["measure"], act["points"]) for act in words["acts"] if act["in_force"])
            yield from under(f"rates/{day}/act", acts)
    found = entrepot.effective_rates(schedule, "2025-08-27", ["IND"])
    for row in found.mean_by(["sector"]).to_dict("records"):
        yield f"rates/2025-08-27/sector/{row['sector'] or 'none'}", row["rate"]
    lines = found.lines.set_index("hs6")
    for code in ("610910", "300490", "271019", "732690", "870829"):
        yield f"rates/2025-08-27/line/{code}", lines.loc[code, "rate"]


def exposures() -> Rows:
    asked = {
        "all": (),
        "textiles": ("--sector", "textiles"),
        "eta 2": ("--eta", "2"),
        "rivals pay": ("--rivals",),
    }
    for name, words in asked.items():
        answer = command("exposure", "--importer", "USA", "--partner", "IND", "--on", "2025-08-27", *words)
        lines = pd.DataFrame(answer["lines"])
        for column in ("imports", "bill", "change", "rivals", "home"):
            yield f"exposure/{name}/{column}", lines[column].sum()
        yield f"exposure/{name}/gains of CHN", answer["gains"]["CHN"]


def goals() -> Rows:
    farm = "iceberg:IND:RUS:agriculture,pharma,textiles"
    asked: dict[str, Any] = {
        "half the imbalance": (recent(), {farm: (None, None)}, ["balance:IND:RUS:goods=-50%"]),
        "100 billion": (recent(), {farm: (None, None)}, ["two_way:IND:RUS:goods=100bn"]),
        "at most 30 %": (recent(), {farm: (-0.3, 0.0)}, ["balance:IND:RUS:goods=-50%"]),
        "two goals": (
            world(),
            {"tariff:USA:IND": (None, None), "productivity:IND:C21": (None, None)},
            ["trade:USA:IND=+10%", "output:IND:C21=+5%"],
        ),
    }
    for name, (economy, unknowns, targets) in asked.items():
        answer = entrepot.seek(economy, unknowns, targets)
        yield f"seek/{name}/reached", str(answer.reached)
        yield from under(f"seek/{name}", iter(answer.unknowns["value"].items()))
        yield from under(f"seek/{name}/found", iter(answer.targets["found"].items()))
        yield f"seek/{name}/real_income:IND", answer.result.outcome("real_income:IND")


def best_taxes() -> Rows:
    given = entrepot.load_scenario(CASE)
    asked: dict[str, Any] = {
        "USA": {"country": "USA"},
        "IND by sector on USA": {"country": "IND", "by": "sector", "partners": ["USA"], "given": given},
        "EU27, multi_sector": {"country": "EU27", "model": "multi_sector"},
    }
    for name, words in asked.items():
        best = entrepot.optimal_tariff(world(), starts=1, **words)
        yield f"optimal/{name}/real income", best.value
        yield f"optimal/{name}/closed form", best.rule
        for row in best.rates.to_dict("records")[:12]:
            yield f"optimal/{name}/{row['tax']} {row['sector']}", row["rate"]


def trade_wars() -> Rows:
    for rule in ("exact", "sufficient_statistics"):
        war = entrepot.nash(world(), ["USA", "CHN", "IND"], rule=rule, deviations=False)
        yield from war_of(f"nash/{rule}", war)
        if rule == "exact":
            yield from war_of("nash/agreement", war.cooperative())


def war_of(name: str, war: Any) -> Rows:
    for row in war.rates.to_dict("records"):
        yield f"{name}/tariff of {row['government']}", row["rate"]
    yield from under(f"{name}/change_pct", iter(war.welfare["change_pct"].items()))


def terms() -> Rows:
    for name in (CASE, "us-tariffs-world", "make-in-india-technology"):
        table = entrepot.decompose(entrepot.solve(world(), entrepot.load_scenario(name)))
        for country in COUNTRIES[:3]:
            for term in ("terms_of_trade", "volume_of_trade", "productivity", "sum"):
                yield f"decompose/{name}/{country}/{term}", table.loc[country, term]
    step = entrepot.decompose(case(), method="one_step")
    yield from under("decompose/one_step/IND", iter(step.loc["IND", ["terms_of_trade", "volume_of_trade"]].items()))


def slopes() -> Rows:
    results = {"base year": entrepot.solve(world(), entrepot.Shock()), CASE: case()}
    for name, result in results.items():
        outcome = "real_income:IND" if name == CASE else "trade:IND:USA:goods"
        found = result.sensitivity(outcome)
        for wedge, labels in WEDGES.items():
            for label in labels:
                at = dict(zip(found[wedge].dims, label.split("/"), strict=True))
                yield f"sensitivity/{name}/{outcome}/{wedge} {label}", found[wedge].sel(at)


def sweeps() -> Rows:
    asked = {
        "cut": ("india-russia-balance", ["cut=-50%..0%/6"], "balance:IND:RUS"),
        "rules": (CASE, ["deficits=fixed|scaled|zero"], "real_income:IND"),
        "days": ("us-tariffs-world", ["date=2025-04-05|2025-08-07|2026-02-24"], "tariff_revenue:USA"),
        "theta and rho": (CASE, ["theta:C26=3..6/2", "dial:rho=0.5|1"], "trade:IND:USA"),
    }
    for name, (scenario, over, outcome) in asked.items():
        table = entrepot.sweep(world(), entrepot.load_scenario(scenario), over=over, outcomes=[outcome]).table
        yield from under(f"sweep/{name}/{outcome}", ((str(row), value) for row, value in enumerate(table[outcome])))


def draws() -> Rows:
    wanted = ("real_income:IND", "exports:IND")
    answer = entrepot.uncertainty(
        world(), entrepot.load_scenario(CASE), inputs=["theta", "coverage=0.8..1"], draws=20, seed=1, outcomes=wanted
    )
    for row in answer.table.to_dict("records"):
        yield f"uncertainty/draw {row['number']}/real_income:IND", row["real_income:IND"]
    for outcome in wanted:
        for column in ("p5", "median", "p95", "default"):
            yield f"uncertainty/fan/{outcome}/{column}", answer.fan.loc[outcome, column]
    shares = answer.shares[answer.shares["outcome"] == "real_income:IND"].set_index("input")["share"]
    for name in ("theta:C26", "theta:B06", "theta:C13T15", "coverage"):
        yield f"uncertainty/share/{name}", shares[name]


def choices() -> Rows:
    answer = entrepot.trade_off(world(), entrepot.load_scenario(OIL), points=4)
    for option in answer.curve:
        for discount, value in answer.curve[option].items():
            yield f"trade_off/{option} at {discount:.2f}", value
    crossings = {rule: answer.elsewhere.get(rule, answer.crossings) for rule in RULES}
    for rule, found in crossings.items():
        yield f"trade_off/crossings/{rule}", str(len(found))
        for one in found:
            yield f"trade_off/{one.below} to {one.above}/{rule}", one.at


SECTIONS = (
    default_model, other_models, zero_together, dials, elasticities, instruments, economies, many, key_numbers,
    statements, rates, exposures, goals, best_taxes, trade_wars, terms, slopes, sweeps, draws, choices,
)  # fmt: skip
