"""Request bodies of the API. Unknown fields are errors; economies, scenarios and tables are shipped ones by name."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from entrepot.core.legal import LegalReading
from entrepot.core.wedges import RANKED
from entrepot.data.documents import DEEPEST
from entrepot.economy.closure import CLOSURES
from entrepot.economy.closure import DEFAULT as DEFAULT_CLOSURE

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
StudyArgument = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""An argument in the syntax of the command line: theta, cut=-40%..0%/5, trade:IND:RUS=+50 %."""
TableName = Literal["countries", "blocs", "sectors", "suppliers", "customers", "prices", "sources", "theta"]
ParameterValue = float | Annotated[str, StringConstraints(max_length=40)]
if TYPE_CHECKING:  # a type checker needs a literal or a plain type
    DeficitRule = str
    RankedWedge = str
else:
    DeficitRule = Literal[tuple(CLOSURES)]
    RankedWedge = Literal[RANKED]

DOCUMENT: dict[str, Any] = {
    "title": "Ten points on Indian textiles",
    "reference": "A proposal",
    "date": "2026-01-01",
    "instruments": [
        {"kind": "tariff", "add": "10 %", "origin": "IND", "destination": "USA", "sector": "textiles"},
    ],
}
CASE: dict[str, Any] = {"scenario": "us-tariffs-on-india-2025"}


def _shallow(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document that is not nested too deeply, or raise ValueError."""
    level: list[Any] = [document]
    for _ in range(DEEPEST):
        children = [
            node.values() if isinstance(node, dict) else node for node in level if isinstance(node, dict | list)
        ]
        level = [value for values in children for value in values]
        if not level:
            return document
    raise ValueError("nested too deeply; a scenario needs four levels at most")


class _RequestModel(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ModelSettings(_RequestModel):
    """The base year and the model."""

    economy: Name = Field(default="icio2022", description="A shipped economy by name: GET /economies.")
    elasticities: Name | None = Field(
        default=None, description="A shipped table by name: GET /elasticities. Default: that of the economy."
    )
    model: Name = Field(default="caliendo_parro", description="A published model by name: GET /models.")
    dials: dict[Name, bool | float | dict[Name, float]] = Field(
        default_factory=dict, max_length=20, description="Dials of the model, overriding its defaults: {rho: 0.8}."
    )
    deficits: DeficitRule = Field(
        default=DEFAULT_CLOSURE, description="Rule for trade imbalances; zero balances the base year first."
    )


class ScenarioRequest(ModelSettings):
    """A policy scenario: the name of a shipped one, a document, or the YAML text of a scenario file; exactly one."""

    scenario: Name | None = Field(default=None, description="A shipped scenario by name: GET /scenarios.")
    document: Annotated[dict[str, Any], AfterValidator(_shallow)] | None = Field(
        default=None, description="A scenario document; its JSON Schema is GET /schemas/scenario."
    )
    yaml: str | None = Field(default=None, description="The text of a scenario file, in YAML.")
    on: Annotated[str, StringConstraints(max_length=40)] | None = Field(
        default=None, description="Rules in force on another date: 2025-08-21."
    )
    parameters: dict[Name, ParameterValue] = Field(
        default_factory=dict,
        max_length=50,
        description="Parameters of the scenario, overriding its defaults: {cut: '-20 %'}.",
    )
    option: Name | None = Field(default=None, description="One of the options of the scenario.")
    baseline: Name | None = Field(
        default=None,
        description="What the change comes on top of: base_year, in_force (shipped measures in force on the date), "
        "in_force:2026-01-01, or a shipped scenario by name.",
    )

    reading: LegalReading | None = Field(
        default=None, description="Acts of a schedule that count on the date: in-force, collected, or announced."
    )
    beyond: bool = Field(default=False, description="Allow a date after the last one that a schedule of acts covers.")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if self.given != 1:
            raise ValueError("give exactly one of `scenario`, `document` and `yaml`")
        return self

    @property
    def given(self) -> int:
        """Number of scenarios that the request names."""
        return sum(given is not None for given in (self.scenario, self.document, self.yaml))


class FocusPair(_RequestModel):
    """The exporter and the importer that tables and headline are about."""

    exporter: Name
    importer: Name


class SolveRequest(ScenarioRequest):
    """Solve a scenario: effects on every country."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [CASE, {"document": DOCUMENT, "include": ["countries", "prices"]}]}
    )

    focus: FocusPair | None = Field(
        default=None, description="Default: that of the scenario, else the pair most affected."
    )
    include: list[TableName] = Field(
        default=["countries"],
        max_length=8,
        description="Tables to return; sectors, suppliers and customers are those of the focus.",
    )


class OptionalScenarioRequest(ScenarioRequest):
    """A policy scenario as in `ScenarioRequest`, or none of them: then the base year."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if self.given > 1:
            raise ValueError("give at most one of `scenario`, `document` and `yaml`; none is the base year")
        if not self.given and (self.on or self.parameters or self.option or self.baseline):
            raise ValueError("`on`, `parameters`, `option` and `baseline` modify a scenario; give one")
        return self


class SensitivityRequest(OptionalScenarioRequest):
    """Rank all wedges by their effect on one outcome, at a scenario or at the base year."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"of": "real_income:IND", "by": ["tariff"], "top": 10}]})

    of: Name = Field(default="real_income:IND", description="Outcome, as for `entrepot sensitivity`: real_income:IND.")
    by: list[RankedWedge] = Field(
        default_factory=list, max_length=len(RANKED), description="Restrict to these wedges; default: all."
    )
    top: int = Field(default=20, ge=1, le=1000, description="Number of wedges to return, the strongest first.")


class SensitivityJob(SensitivityRequest):
    """Sensitivity as a job."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "sensitivity", "of": "real_income:IND"}]})

    kind: Literal["sensitivity"]


class SweepJob(ScenarioRequest):
    """Solve a scenario on a grid of inputs."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"kind": "sweep", "scenario": "india-russia-balance", "over": ["cut=-40%..0%/5"],
                 "of": ["balance:IND:RUS"]}
            ]
        }
    )  # fmt: skip

    kind: Literal["sweep"]
    over: list[StudyArgument] = Field(
        min_length=1,
        max_length=3,
        description="Inputs and values, as for `entrepot sweep`: cut=-40%..0%/11, dial:rho=0.5..1/6, option.",
    )
    of: list[Name] = Field(default=["real_income:IND"], min_length=1, max_length=20, description="Outcomes.")


class UncertaintyJob(ScenarioRequest):
    """Monte Carlo: draw uncertain inputs and return quantile bands of outcomes."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "uncertainty", "scenario": "us-tariffs-on-india-2025", "draws": 100}]}
    )

    kind: Literal["uncertainty"]
    inputs: list[StudyArgument] = Field(
        default=["theta"],
        min_length=1,
        max_length=8,
        description="Inputs to draw, as for `entrepot uncertainty`: theta, deficits.",
    )
    draws: int = Field(default=200, ge=10, le=2000, description="Number of draws.")
    seed: int = Field(default=1, ge=0, le=2**31 - 1, description="Seed of the random numbers.")
    of: list[Name] = Field(default=["real_income:all"], min_length=1, max_length=20, description="Outcomes.")


class SeekJob(OptionalScenarioRequest):
    """Goal seek: find the value of an instrument that reaches a target."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"kind": "seek", "scenario": "us-tariffs-on-india-2025", "move": ["iceberg:IND:RUS:goods"],
                 "targets": ["trade:IND:RUS=+50 %"]}
            ]
        }
    )  # fmt: skip

    kind: Literal["seek"]
    move: list[StudyArgument] = Field(
        min_length=1, max_length=6, description="Unknowns: iceberg:IND:RUS:goods, tariff:USA:IND, a parameter."
    )
    targets: list[StudyArgument] = Field(
        min_length=1,
        max_length=6,
        description="Targets, as many as unknowns: balance:IND:RUS=-30bn, real_income:IND=+1 %.",
    )


class TradeOffJob(ScenarioRequest):
    """Compare the options of a scenario over its parameter, with the break-even value."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "trade_off", "scenario": "oil-penalty-trade-off"}]}
    )

    kind: Literal["trade_off"]
    points: int = Field(default=13, ge=2, le=61, description="Number of points of the curve.")


class RangeJob(ScenarioRequest):
    """Range of outcomes over models, horizons, closures and elasticities: about twelve equilibria."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "range", "scenario": "us-tariffs-on-india-2025"}]}
    )

    kind: Literal["range"]
    of: list[Name] = Field(default=["real_income:IND"], min_length=1, max_length=5, description="Outcomes.")


class WhyJob(ScenarioRequest):
    """Terms of the change in real income of a country or bloc, by partner and by sector."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "why", "scenario": "us-tariffs-on-india-2025", "of": "IND"}]}
    )

    kind: Literal["why"]
    of: Name = Field(default="IND", description="Country or bloc.")


JobRequest = Annotated[
    SensitivityJob | SweepJob | TradeOffJob | UncertaintyJob | SeekJob | RangeJob | WhyJob, Field(discriminator="kind")
]
