"""Options that several commands share: those of an `Ask`, the form of the output, and files."""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import typer

from entrepot.app.ask import ECONOMY, MODEL, Ask
from entrepot.app.cli.output_files import ASKED, OutputFiles
from entrepot.app.cli.printing import require_output
from entrepot.core.changes import CHANGES
from entrepot.core.errors import InputError
from entrepot.core.legal import LegalReading
from entrepot.economy.closure import CLOSURES, DEFAULT, standard_closures

if TYPE_CHECKING:
    ClosureChoice: TypeAlias = str
else:
    ClosureChoice = Literal[tuple(CLOSURES)]
ModelChoice = Literal[
    "caliendo_parro", "multi_sector", "armington", "conditional_gravity", "krugman", "years_2_3", "nested_ces"
]
"""Names of models; a test compares them with the library's, which is too slow to load for `--help`."""

HorizonChoice = Literal["years-2-3", "long-run"]
MODEL_AT: Mapping[HorizonChoice, ModelChoice] = {"years-2-3": "years_2_3", "long-run": MODEL}
"""The model of each horizon for which a backtest supports the size of effects."""

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]
AllRows = Annotated[bool, typer.Option("--all", help="Print every row of every table.")]
OfOutcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--of",
        help="Outcome to report, as in `entrepot sensitivity`: real_income:IND, exports:IND; real_income:all for "
        "every country. Default: real income. May be repeated.",
    ),
]
ScenarioName = Annotated[
    str | None,
    typer.Argument(
        help="A shipped scenario by name, or a YAML file; default: the changes that --tariff and such give."
    ),
]


OfAnswer = Annotated[
    Literal["in-kind"] | None,
    typer.Option(
        "--answer",
        help="Hypothetical answer to every duty: in-kind, the same duty on the same sectors of the country that levies "
        "it.",
    ),
]

OfReading = Annotated[
    LegalReading | None,
    typer.Option(
        "--reading",
        help="Acts that count on the date: in-force by law, collected by customs, or announced by then. Default: "
        "in-force, or what the scenario says.",
    ),
]
Beyond = Annotated[
    bool, typer.Option("--beyond", help="Allow a date after the last one that a schedule of acts covers.")
]

ToWorkbook = Annotated[
    Path | None,
    typer.Option("--xlsx", help="Also write an Excel workbook to this file: results, assumptions, sources."),
]
ToCharts = Annotated[
    list[str] | None,
    typer.Option("--chart", help="Also write a chart: map.svg, or map=FILE.png where it has a name. May be repeated."),
]
PRINTS = "as_json"
"""The parameter of a command that prints an answer."""


@dataclass(frozen=True)
class AskOptions:
    """The options of an `Ask`, as the command line writes them."""

    on: Annotated[
        str | None, typer.Option("--on", help="Apply the rules in force on another date, such as 2025-08-21.")
    ] = None
    parameters: Annotated[
        list[str] | None, typer.Option("--set", help="Set a scenario parameter: cut=-20%. May be repeated.")
    ] = None
    option: Annotated[
        str | None,
        typer.Option("--option", help="Choose one of the scenario's policy options; `simulate` compares them all."),
    ] = None
    economy: Annotated[
        str, typer.Option("--economy", help="Base year: a shipped economy by name, or a netCDF file.")
    ] = ECONOMY
    elasticities: Annotated[
        str | None,
        typer.Option(
            "--elasticities",
            help="Trade elasticities: a shipped table by name, or a CSV or Excel file (sector, theta, estimated_on), "
            "which may have some sectors only.",
        ),
    ] = None
    baseline: Annotated[
        str | None,
        typer.Option(
            "--baseline",
            help="What the change comes on top of: base_year, in_force (shipped measures in force on the date), "
            "in_force:2026-01-01, or a scenario by name.",
        ),
    ] = None
    model: Annotated[
        ModelChoice, typer.Option("--model", help="Published model; `entrepot models` lists them with their papers.")
    ] = MODEL
    horizon: Annotated[
        HorizonChoice | None,
        typer.Option(
            "--horizon",
            help="Horizon with evidence for its size: years-2-3, or long-run (seven years or more; the default). It "
            "sets the model; docs/backtests.md has the evidence.",
        ),
    ] = None
    dials: Annotated[
        list[str] | None,
        typer.Option("--dial", help="Set a model parameter: rho=0.8, psi=0.1, psi:C26=0.5. May be repeated."),
    ] = None
    deficits: Annotated[
        ClosureChoice,
        typer.Option(
            "--deficits",
            help="Closure for trade imbalances: "
            + ", ".join(f"{name} ({CLOSURES[name].help})" for name in standard_closures())
            + "; `entrepot closures` lists all.",
        ),
    ] = DEFAULT
    answer: OfAnswer = None
    with_answers: Annotated[
        bool,
        typer.Option(
            "--with-answers", help="Add the duties of other countries in answer that are in force on the date."
        ),
    ] = False
    reading: OfReading = None
    beyond: Beyond = False
    currency: Annotated[
        str | None,
        typer.Option(
            "--currency",
            help="Show all values in another currency at a rate of your own: INR=83.1 (for one unit of the economy's). "
            "For prices of another year, multiply the rate by the change in prices.",
        ),
    ] = None

    def ask(self, changes: Mapping[str, Sequence[str]] = MappingProxyType({})) -> Ask:
        """Return the options with their texts parsed.

        Parameters
        ----------
        changes
            Lines of the options of `change_parameters`, by kind.

        Raises
        ------
        InputError
            A ``--set`` or ``--dial`` that is not NAME=VALUE, two answers, or a horizon besides another model.
        """
        if self.horizon and self.model not in (MODEL, MODEL_AT[self.horizon]):
            raise InputError(
                f"--horizon {self.horizon} and --model {self.model}: a horizon sets the model; give one of them"
            )
        if self.with_answers and self.answer:
            raise InputError("--answer and --with-answers: an equal answer, or those in force; give one of them")
        return Ask(
            on=self.on,
            parameters=parse_parameters(self.parameters or []),
            option=self.option,
            economy=self.economy,
            elasticities=self.elasticities,
            baseline=self.baseline,
            model=MODEL_AT[self.horizon] if self.horizon else self.model,
            dials=parse_dials(self.dials or []),
            deficits=self.deficits,
            changes=changes,
            answer="in-force" if self.with_answers else self.answer,
            reading=self.reading,
            beyond=self.beyond,
            currency=self.currency,
        )


def change_parameters() -> list[inspect.Parameter]:
    """Return one option for each kind of change that can be written in a line (`core.changes`)."""
    return [
        inspect.Parameter(
            kind.word,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[list[str] | None, typer.Option(kind.option, help=kind.help)],
        )
        for kind in CHANGES.values()
    ]


def takes_ask(command: Callable[..., None]) -> Callable[..., None]:
    """Replace the parameter ``ask`` of a command by the options of changes and of `AskOptions`, at its place."""
    shared, changing = list(inspect.signature(AskOptions).parameters.values()), change_parameters()

    def ask(values: dict[str, Any]) -> Ask:
        options = AskOptions(**{one.name: values.pop(one.name) for one in shared})
        return options.ask(_lines(values, changing))

    return _with_options(command, "ask", [*changing, *shared], ask)


def takes_changes(command: Callable[..., None]) -> Callable[..., None]:
    """Replace the parameter ``changes`` of a command by the options of changes; it gets their lines by kind."""
    changing = change_parameters()
    return _with_options(command, "changes", changing, lambda values: _lines(values, changing))


def _lines(values: dict[str, Any], changing: Sequence[inspect.Parameter]) -> dict[str, list[str]]:
    return {one.name: values.pop(one.name) or [] for one in changing}


def _with_options(
    command: Callable[..., None], name: str, options: list[inspect.Parameter], made: Callable[[dict[str, Any]], Any]
) -> Callable[..., None]:
    """Return a command with `options` where its parameter `name` stood, which gets what `made` makes of them."""
    own = inspect.signature(command).parameters.values()
    every = [one for parameter in own for one in (options if parameter.name == name else [parameter])]

    @functools.wraps(command)
    def run(**values: Any) -> None:
        command(**{name: made(values)}, **values)

    keywords = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in every]
    run.__signature__ = inspect.Signature(keywords)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in keywords}
    return run


def takes_files(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--xlsx`` and ``--chart`` to a command that prints an answer; `emit` then writes what they name.

    The files are checked before the command computes anything.
    """
    own = list(inspect.signature(command).parameters.values())
    if PRINTS not in [one.name for one in own]:
        return command
    kinds = {"xlsx": ToWorkbook, "chart": ToCharts}
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in kinds.items()
    ]

    @functools.wraps(command)
    def run(*, xlsx: Path | None = None, chart: list[str] | None = None, **values: Any) -> None:
        asked = _checked(xlsx, chart or [], [one for one in values.values() if isinstance(one, str | Path)])
        token = ASKED.set(asked)
        try:
            command(**values)
        finally:
            ASKED.reset(token)

    keywords = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]
    run.__signature__ = inspect.Signature([*keywords, *added])  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in [*keywords, *added]}
    return run


def _checked(xlsx: Path | None, charts: list[str], inputs: list[str | Path]) -> OutputFiles | None:
    """Return the files, each one that can be written and is no input; None where there are none."""
    if xlsx is None and not charts:
        return None
    from entrepot.report.files import CHARTS, WORKBOOKS, require_suffix

    named = []
    for text in charts:
        name, equals, file = text.rpartition("=")
        named.append((Path(file), name if equals else ""))
        require_output(named[-1][0], inputs)
        require_suffix(named[-1][0], CHARTS)
    if xlsx is not None:
        require_output(xlsx, inputs)
        require_suffix(xlsx, WORKBOOKS)
    return OutputFiles(xlsx, tuple(named))


def parse_parameters(written: list[str]) -> dict[str, object]:
    """Return scenario parameters from texts NAME=VALUE.

    Raises
    ------
    InputError
        Not of that form, or the same name twice.
    """
    values: dict[str, object] = {}
    for text in written:
        name, equals, value = text.partition("=")
        if not equals or not name or not value:
            raise InputError(f"--set {text}: write a name and a value, as cut=-20%")
        if name in values:
            raise InputError(f"--set {text}: {name} is set already; give it once")
        try:
            values[name] = float(value)
        except ValueError:
            values[name] = value
    return values


def parse_dials(written: list[str]) -> dict[str, Any]:
    """Return model parameters from texts NAME=VALUE or NAME:SECTOR=VALUE.

    Raises
    ------
    InputError
        Not of that form, or a value that is neither a number nor true or false.
    """
    found: dict[str, Any] = {}
    for text in written:
        name, equals, value = text.partition("=")
        name, _, sector = name.partition(":")
        try:
            number: Any = {"true": True, "false": False}.get(value.lower()) if value.isalpha() else float(value)
        except ValueError:
            number = None
        if not equals or number is None:
            raise InputError(f"--dial {text}: write a name and a value, as rho=0.8 or psi:C26=0.1")
        if name in found and not (sector and isinstance(found[name], dict) and sector not in found[name]):
            raise InputError(f"--dial {text}: {name} is set already; give it once, or once for each sector")
        if sector:
            found.setdefault(name, {})[sector] = number
        else:
            found[name] = number
    return found
