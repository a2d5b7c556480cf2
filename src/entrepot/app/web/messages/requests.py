"""What can be asked over the API: unknown fields are an error, names are names of what is shipped."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from entrepot.data.documents import DEEPEST

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""What a study is asked, in its own words."""
Part = Literal["countries", "sectors", "suppliers", "customers", "prices", "sources", "theta"]
Rate = float | Annotated[str, StringConstraints(max_length=40)]

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
    """Return a document whose brackets do not stand in brackets without end, or raise ValueError."""
    level: list[Any] = [document]
    for _ in range(DEEPEST):
        inner = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        level = [value for part in inner for value in part]
        if not level:
            return document
    raise ValueError("nested too deeply; a scenario needs four levels at most")


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Settings(_Asked):
    """The base year and the model."""

    economy: Name = Field(default="icio2022", description="A shipped economy by name: GET /economies.")
    elasticities: Name | None = Field(default=None, description="A shipped table by name; left out, the default one.")
    model: Name = Field(default="caliendo_parro", description="A published model by name: GET /models.")
    dials: dict[Name, bool | float | dict[Name, float]] = Field(
        default_factory=dict, max_length=20, description="Dials of the model set otherwise: {rho: 0.8}."
    )
    deficits: Literal["fixed", "scaled", "zero"] = Field(
        default="fixed", description="Trade imbalances; zero rebalances the base year first."
    )


class Change(Settings):
    """What changes: a shipped scenario by name, a document, or YAML as in a file; exactly one."""

    scenario: Name | None = Field(default=None, description="A shipped scenario by name: GET /scenarios.")
    document: Annotated[dict[str, Any], AfterValidator(_shallow)] | None = Field(
        default=None, description="A scenario document, as GET /schemas/scenario describes it."
    )
    yaml: str | None = Field(default=None, description="The same as YAML, as a scenario file has it.")
    on: Annotated[str, StringConstraints(max_length=40)] | None = Field(
        default=None, description="The rules of another day: 2025-08-21."
    )
    parameters: dict[Name, Rate] = Field(
        default_factory=dict, max_length=50, description="Parameters of the scenario set otherwise: {cut: '-20 %'}."
    )
    option: Name | None = Field(default=None, description="One of the scenario's options.")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if self.given != 1:
            raise ValueError("give exactly one of `scenario`, `document` and `yaml`")
        return self

    @property
    def given(self) -> int:
        """How many changes are named."""
        return sum(one is not None for one in (self.scenario, self.document, self.yaml))


class Focus(_Asked):
    """The pair of countries to look at most closely."""

    exporter: Name
    importer: Name


class SolveRequest(Change):
    """Compute what a change does to every country."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [CASE, {"document": DOCUMENT, "include": ["countries", "prices"]}]}
    )

    focus: Focus | None = Field(default=None, description="Left out, the scenario's own, or what changes most.")
    include: list[Part] = Field(
        default=["countries"],
        max_length=7,
        description="Which tables to answer with; sectors and partners of the focus.",
    )


class SensitivityRequest(Change):
    """Rank all wedges of the world by what they do to one outcome, at a change or at the base year."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"of": "real_income:IND", "by": ["tariff"], "top": 10}]})

    of: Name = Field(default="real_income:IND", description="As for `entrepot sensitivity`: real_income:IND.")
    by: list[Literal["tariff", "export_tax", "iceberg_hat", "productivity_hat"]] = Field(
        default_factory=list, max_length=4, description="Only these wedges; left out, all."
    )
    top: int = Field(default=20, ge=1, le=1000, description="How many, the strongest first.")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if self.given > 1:
            raise ValueError("give at most one of `scenario`, `document` and `yaml`; none is the base year")
        if not self.given and (self.on or self.parameters or self.option):
            raise ValueError("`on`, `parameters` and `option` change a scenario; name one")
        return self


class SensitivityJob(SensitivityRequest):
    """The same, as a job."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "sensitivity", "of": "real_income:IND"}]})

    kind: Literal["sensitivity"]


class SweepJob(Change):
    """Solve a change at every combination of the values of some inputs."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"kind": "sweep", "scenario": "india-russia-balance", "over": ["cut=-40%..0%/5"],
                 "of": ["balance:IND:RUS"]}
            ]
        }
    )  # fmt: skip

    kind: Literal["sweep"]
    over: list[Words] = Field(
        min_length=1, max_length=3, description="As for `entrepot sweep`: cut=-40%..0%/11, dial:rho=0.5..1/6, option."
    )
    of: list[Name] = Field(default=["real_income:IND"], min_length=1, max_length=20, description="Outcomes.")


class UncertaintyJob(Change):
    """Draw what is not known, and say how sure outcomes are."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "uncertainty", "scenario": "us-tariffs-on-india-2025", "draws": 100}]}
    )

    kind: Literal["uncertainty"]
    inputs: list[Words] = Field(
        default=["theta"], min_length=1, max_length=8, description="As for `entrepot uncertainty`: theta, deficits."
    )
    draws: int = Field(default=200, ge=10, le=2000, description="How many.")
    seed: int = Field(default=1, ge=0, le=2**31 - 1, description="What all draws follow from.")
    of: list[Name] = Field(default=["real_income:all"], min_length=1, max_length=20, description="Outcomes.")


class SeekJob(Change):
    """Find how far something must move so that an outcome is what is wanted."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"kind": "seek", "scenario": "us-tariffs-on-india-2025", "move": ["iceberg:IND:RUS:goods"],
                 "targets": ["trade:IND:RUS=+50 %"]}
            ]
        }
    )  # fmt: skip

    kind: Literal["seek"]
    move: list[Words] = Field(
        min_length=1, max_length=6, description="What may move: iceberg:IND:RUS:goods, tariff:USA:IND, a parameter."
    )
    targets: list[Words] = Field(
        min_length=1, max_length=6, description="As many: balance:IND:RUS=-30bn, real_income:IND=+1 %."
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if self.given > 1:
            raise ValueError("give at most one of `scenario`, `document` and `yaml`; none is the base year")
        return self


class TradeOffJob(Change):
    """Compare the options of a scenario over its parameter, with the break-even."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "trade_off", "scenario": "oil-penalty-trade-off"}]}
    )

    kind: Literal["trade_off"]
    points: int = Field(default=13, ge=2, le=61, description="Of the curve.")


JobRequest = Annotated[SensitivityJob | SweepJob | TradeOffJob | UncertaintyJob | SeekJob, Field(discriminator="kind")]
