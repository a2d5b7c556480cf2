"""Published models as settings of one set of equations."""

from dataclasses import dataclass

from entrepot.core.errors import UnknownLabel, nearest
from entrepot.economy.economy import Economy


@dataclass(frozen=True)
class Model:
    """One published model.

    Attributes
    ----------
    name
        What ``model=`` and ``--model`` take.
    title
        In a few words.
    paper
        Where it was published.
    inputs
        Whether sectors buy inputs from each other; without, value added carries the whole of output.
    """

    name: str
    title: str
    paper: str
    inputs: bool

    def base(self, economy: Economy) -> Economy:
        """Return the economy as this model sees it."""
        return economy if self.inputs else economy.without_inputs()


_ALL = (
    Model(
        "caliendo_parro",
        "many sectors with input-output links",
        "Caliendo and Parro (2015), Estimates of the trade and welfare effects of NAFTA, Review of Economic Studies 82",
        inputs=True,
    ),
    Model(
        "multi_sector",
        "many sectors without input links",
        "Costinot and Rodríguez-Clare (2014), Trade theory with numbers, Handbook of International Economics 4",
        inputs=False,
    ),
)
MODELS = {model.name: model for model in _ALL}
DEFAULT = "caliendo_parro"


def named(name: str) -> Model:
    """Return the model of that name, or raise UnknownLabel with the ones that exist."""
    if name not in MODELS:
        raise UnknownLabel(f"no model {name!r}{nearest(name, list(MODELS))}; choose {' or '.join(MODELS)}")
    return MODELS[name]
