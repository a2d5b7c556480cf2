"""The commands that give each part of a joined brief alone."""

import shlex
from collections.abc import Iterator

from entrepot.brief.spec import Brief, Goal, Simulation
from entrepot.economy.load import DEFAULT


def commands(brief: Brief, draws: int | None = None) -> list[str]:
    """Return one command a part, in the order of the brief, the brief's own first; `draws` of its fans, where given."""
    own = ["brief", brief.name if brief.is_shipped or brief.file is None else brief.file.name]
    found = [[*own, *(["--draws", str(draws)] if draws else [])], *_parts(brief, draws)]
    return list(dict.fromkeys(shlex.join(["entrepot", *words]) for words in found))


def _parts(brief: Brief, draws: int | None) -> Iterator[list[str]]:
    for checked in brief.statements:
        yield ["check", checked.name]
    for entry in brief.scenarios:
        yield _simulate(entry, entry.name)
        if not brief.adapted(entry).options:
            for study in ("why", "ensemble"):
                yield [*_simulate(entry, entry.name, study), "--of", f"real_income:{brief.country}"]
        undated = entry.model_copy(update={"date": None})
        for day in entry.dates:
            for name in (entry.name, entry.beside):
                if name is not None:
                    yield [*_simulate(undated, name), "--on", str(day)]
    for goal in brief.goals:
        yield _seek(goal)
    for best in brief.best:
        partners = [word for partner in best.partners for word in ("--partner", partner) if best.partners != ("all",)]
        taxes = [word for tax in best.tax for word in ("--tax", tax) if best.tax != ("tariff",)]
        yield ["optimal", best.government, "--by", best.by, *partners, *taxes, *_given("--given", best.given),
               *_economy(best.economy)]  # fmt: skip
    for ranking in brief.sensitivity:
        wedges = [word for wedge in ranking.by for word in ("--by", wedge)]
        yield ["sensitivity", *([ranking.given] if ranking.given else []), "--of", ranking.of, *wedges,
               *_economy(ranking.economy)]  # fmt: skip
    for fan in brief.uncertainty:
        inputs = [word for one in fan.vary for word in ("--vary", one)]
        outcomes = [word for one in fan.of for word in ("--of", one)]
        yield ["uncertainty", fan.scenario, *inputs, *outcomes, "--draws", str(draws or fan.draws), "--seed",
               str(fan.seed), *_economy(fan.economy)]  # fmt: skip


def _simulate(entry: Simulation, name: str, command: str = "simulate") -> list[str]:
    day = ["--on", str(entry.date)] if entry.date else []
    values = [word for key, value in entry.parameters.items() for word in ("--set", f"{key}={value}")]
    option = ["--option", entry.option] if entry.option else []
    return [command, name, *day, *values, *option, *_economy(entry.economy)]


def _seek(goal: Goal) -> list[str]:
    words = ["seek", *([goal.given] if goal.given else [])]
    for target, using in zip(goal.target, goal.using, strict=True):
        words += ["--target", target, "--using", using]
    if goal.between is not None:
        low, high = ("" if end is None else f"{end:.12g}" for end in goal.between)
        words += [word for _ in goal.using for word in ("--between", f"{low}..{high}")]
    return [*words, *_economy(goal.economy)]


def _given(option: str, name: str | None) -> list[str]:
    return [] if name is None else [option, name]


def _economy(name: str) -> list[str]:
    return [] if name == DEFAULT else ["--economy", name]
