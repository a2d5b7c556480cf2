"""What can be asked over the API: unknown fields are an error, names are names of what is shipped."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from entrepot.data.documents import DEEPEST

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
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
    """Solve a scenario at several values of one of its parameters."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "sweep", "scenario": "india-russia-balance", "over": "cut", "of": "balance:IND:RUS"}]
        }
    )

    kind: Literal["sweep"]
    over: Name = Field(description="A parameter of the scenario that has a range.")
    of: Name = Field(default="real_income:IND", description="The outcome, as for `entrepot sensitivity`.")
    points: int = Field(default=11, ge=2, le=101, description="Values, at equal distances over the range.")


class TradeOffJob(Change):
    """Compare the options of a scenario over its parameter, with the break-even."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "trade_off", "scenario": "oil-penalty-trade-off"}]}
    )

    kind: Literal["trade_off"]
    points: int = Field(default=13, ge=2, le=61, description="Of the curve.")


JobRequest = Annotated[SensitivityJob | SweepJob | TradeOffJob, Field(discriminator="kind")]
