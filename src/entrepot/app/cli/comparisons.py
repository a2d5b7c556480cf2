"""The command that puts answers side by side."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entrepot.app.ask import Ask
from entrepot.app.cli.options import AllRows, AsJson, OfOutcomes, takes_ask
from entrepot.app.cli.printing import emit, form_of, progress, require_page
from entrepot.core.errors import InputError

if TYPE_CHECKING:
    from entrepot.policy.scenario import Scenario


@takes_ask
def compare(
    scenarios: Annotated[list[str], typer.Argument(help="Shipped scenarios by name, or YAML files; one column each.")],
    models: Annotated[
        list[str] | None,
        typer.Option(
            "--models", help="Further column: the same under another model, such as years_2_3. May be repeated."
        ),
    ] = None,
    closures: Annotated[
        list[str] | None,
        typer.Option("--closures", help="Further column: the same under another closure. May be repeated."),
    ] = None,
    tables: Annotated[
        list[str] | None,
        typer.Option(
            "--tables", help="Further column: the same with other elasticities, a name or a CSV file. May be repeated."
        ),
    ] = None,
    options: Annotated[
        list[str] | None,
        typer.Option("--options", help="Policy option to compare; default: all options. May be repeated."),
    ] = None,
    of: OfOutcomes = None,
    *,
    ask: Ask,
    every: AllRows = False,
    html: Annotated[Path | None, typer.Option(help="Also write a self-contained HTML page with a chart.")] = None,
    as_json: AsJson = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print the change in real income by country as CSV, per cent.")
    ] = False,
) -> None:
    """Compare scenarios, models and options side by side.

    Each scenario is a column, or each of its options; --models, --closures and --tables add a column for each scenario.
    Prints the change in real income by country and outcomes such as trade and prices by column.

    Example: entrepot compare us-tariffs-on-india-2025 us-tariffs-world --models years_2_3
    """
    form = form_of(as_json, as_csv)
    require_page(html, [*scenarios, ask.economy, ask.elasticities])
    with progress() as (say, _):
        say("reading the economy")
        import entrepot

        plain = {name: getattr(ask, name) for name in ("economy", "elasticities", "model", "dials", "deficits")}
        world, loaded = Ask(**plain).resolve(None), [_loaded(name, ask) for name in scenarios]
        columns = _columns(loaded, options or [], models or [], closures or [], tables or [])
        answer = entrepot.compare(columns, of, progress=lambda title: say(f"solving {title}"), **world.settings)

    from entrepot.report.answer import answer_for

    emit(answer_for(answer, every=every), form, page=html)


def _loaded(name: str, ask: Ask) -> "Scenario":
    scenario = ask.changed(name)
    assert scenario is not None
    return scenario


def _columns(
    scenarios: "list[Scenario]", options: list[str], models: list[str], closures: list[str], tables: list[str]
) -> dict[str, Any]:
    """Return the columns by title: each scenario or option, then each of them under each other assumption."""
    changes = _changes(scenarios, options)
    variants: list[tuple[str, dict[str, str]]] = [
        *((_model_label(name), {"model": name}) for name in models),
        *((_closure_label(name), {"deficits": name}) for name in closures),
        *((_table_label(name), {"elasticities": name}) for name in tables),
    ]
    if len(changes) == 1 and not variants:
        raise InputError(
            "found one column; name two scenarios or more, or add --models, --closures, --tables or --options"
        )
    columns: dict[str, Any] = {title: (change, {}) for title, change in changes.items()}
    for label, settings in variants:
        for title, change in changes.items():
            columns[label if len(changes) == 1 else f"{title}: {label}"] = (change, settings)
    return columns


def _changes(scenarios: "list[Scenario]", options: list[str]) -> "dict[str, Scenario]":
    """Return the scenarios by title, those with options as one column for each."""
    titles = [one.title for one in scenarios]
    found: dict[str, Scenario] = {}
    for one in scenarios:
        title = one.title if titles.count(one.title) == 1 else f"{one.title} ({one.name})"
        if not one.options:
            found[title] = one
            continue
        for name in options or list(one.options):
            chosen = one.option(name)
            short = one.options[name].title
            found[short if len(scenarios) == 1 else f"{title}: {short}"] = chosen
    if options and not any(one.options for one in scenarios):
        raise InputError("--options: none of the scenarios has options; leave it out")
    return found


def _model_label(name: str) -> str:
    import entrepot

    return entrepot.model(name).label


def _closure_label(name: str) -> str:
    from entrepot.economy.closure import closure

    return closure(name).label


def _table_label(name: str) -> str:
    import entrepot

    return f"elasticities of {entrepot.load_elasticities(name).label}"
