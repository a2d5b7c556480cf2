"""What a question assumes: the change in policy, the base year, the model and the closure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from entrepot.core.changes import CHANGES
from entrepot.core.errors import InputError
from entrepot.economy.closure import DEFAULT as DEFICITS
from entrepot.economy.closure import ClosureName

if TYPE_CHECKING:
    from entrepot.economy.economy import Economy
    from entrepot.equilibrium.model.models import Model
    from entrepot.policy.scenario import Scenario
    from entrepot.policy.shock import Shock

ECONOMY: Final = "icio2022"
MODEL: Final = "caliendo_parro"
"""Defaults; tests compare them with those of the library, which is too slow to load for `--help`."""


@dataclass(frozen=True, eq=False)
class Resolved:
    """The objects that an `Ask` names.

    Attributes
    ----------
    economy, model, deficits
        As :func:`entrepot.solve` takes them.
    change
        The scenario with its day, parameters and option; None where there is none.
    """

    economy: "Economy"
    model: "Model"
    deficits: ClosureName
    change: "Scenario | None"

    @property
    def settings(self) -> dict[str, Any]:
        """Base year, model and closure as keyword arguments of :func:`entrepot.solve` and of every study."""
        return {"economy": self.economy, "model": self.model, "deficits": self.deficits}

    @property
    def scenario(self) -> "Scenario":
        """The change, where a question needs one."""
        if self.change is None:
            first = next(iter(CHANGES.values()))
            raise InputError(f'no change is given; name a scenario, or write {first.option} "{first.example}"')
        return self.change

    @property
    def policy(self) -> "Scenario | Shock":
        """The change; a shock that changes nothing where no scenario is given."""
        from entrepot.policy.shock import Shock

        return self.change or Shock()


@dataclass(frozen=True)
class Ask:
    """The assumptions of a question, as names and numbers.

    Attributes
    ----------
    on, parameters, option
        How the scenario is adapted: see :meth:`entrepot.Scenario.adapted`.
    economy
        A shipped economy by name, or a netCDF file.
    elasticities
        A shipped table by name, or a CSV or Excel file; None for the economy's own.
    baseline
        What the change comes on top of: see :func:`entrepot.solve`.
    model, dials
        A model by name, and its dials set otherwise.
    deficits
        The closure (rule for trade imbalances) by name.
    changes
        Changes in policy as lines, by kind (`core.changes`): a scenario of their own, or added to one.
    answer
        ``"in-kind"`` for an equal answer to every duty, ``"in-force"`` for the acts of other countries in force on the
        date; None for none.
    reading, beyond
        Which acts of a schedule count on the date, and whether it may be after the last day that is known.
    currency
        Code and exchange rate, ``"INR=83.1"``, for all values; None for the economy's own.
    """

    on: str | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
    option: str | None = None
    economy: str = ECONOMY
    elasticities: str | None = None
    baseline: str | None = None
    model: str = MODEL
    dials: Mapping[str, Any] = field(default_factory=dict)
    deficits: ClosureName = DEFICITS
    changes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    answer: Literal["in-kind", "in-force"] | None = None
    reading: str | None = None
    beyond: bool = False
    currency: str | None = None

    def resolve(self, scenario: str | None) -> Resolved:
        """Return the objects that the names stand for.

        Parameters
        ----------
        scenario
            A shipped scenario by name, or a YAML file; None for no change.

        Raises
        ------
        InputError
            Nothing of a name, or a scenario that cannot be adapted like this.
        """
        import entrepot

        change = self.changed(scenario)
        model = entrepot.model(self.model, **self.dials)
        economy = entrepot.load_economy(self.economy, self.elasticities)
        if self.currency is not None:
            from entrepot.economy.currency import in_currency

            economy = in_currency(economy, self.currency)
        if change is None and self.baseline is not None:
            from entrepot.equilibrium.solve import world_on

            economy = world_on(economy, self.baseline, model, self.deficits)
        return Resolved(economy, model, self.deficits, change)

    def changed(self, scenario: str | None) -> "Scenario | None":
        """Return the scenario with its changes, day, parameters, option and answer."""
        import entrepot

        lines: dict[str, Any] = {kind: some for kind, some in self.changes.items() if some}
        if scenario is None and not lines:
            if self.on or self.parameters or self.option or self.answer or self.reading:
                raise InputError("--on, --set, --option, --answer and --reading change a scenario; name one")
            return None
        if scenario is None:
            change = entrepot.Scenario.from_changes(date=self.on, **lines)
        else:
            change = entrepot.load_scenario(scenario)
            change = change.with_changes(**lines) if lines else change
        change = change.adapted(
            on=self.on, parameters=self.parameters, option=self.option, baseline=self.baseline, reading=self.reading,
            beyond=self.beyond,
        )  # fmt: skip
        return change.with_answer(self.answer) if self.answer else change
