"""What entrepot ships: economies, elasticities, scenarios, schedules, each with its sidecar."""

from pathlib import Path
from typing import Literal, TypeVar

from entrepot.core.errors import UnknownLabel, nearest
from entrepot.core.provenance import Provenance
from entrepot.data.documents import read_yaml, validated

Sidecar = TypeVar("Sidecar", bound=Provenance)

Kind = Literal[
    "backtests", "blocs", "briefs", "collected", "concordances", "economies", "elasticities", "facts",
    "history", "lines", "observed", "outlines", "recipes", "scenarios", "schedules", "statements", "words",
]  # fmt: skip

_ROOT = Path(__file__).parent / "shipped"
_SUFFIX: dict[Kind, str] = {
    "backtests": ".yaml",
    "blocs": ".yaml",
    "briefs": ".yaml",
    "collected": ".csv",
    "concordances": ".csv",
    "economies": ".nc",
    "elasticities": ".csv",
    "facts": ".parquet",
    "history": ".nc",
    "lines": ".parquet",
    "observed": ".parquet",
    "outlines": ".csv",
    "recipes": ".yaml",
    "scenarios": ".yaml",
    "schedules": ".yaml",
    "statements": ".yaml",
    "words": ".csv",
}


def names(kind: Kind) -> list[str]:
    """Return the names of everything shipped of one kind, sorted."""
    return sorted(path.stem for path in (_ROOT / kind).glob(f"*{_SUFFIX[kind]}"))


def path_of(kind: Kind, name: str) -> Path:
    """Return the file of a shipped table by its name.

    Raises
    ------
    UnknownLabel
        Nothing of that name is shipped; says what resembles it.
    """
    known = names(kind)
    if name not in known:
        raise UnknownLabel(f"no {name!r} among the shipped {kind}{nearest(name, known)}; {_listing(kind, known)}")
    return _ROOT / kind / f"{name}{_SUFFIX[kind]}"


def _listing(kind: Kind, known: list[str]) -> str:
    """Return how to see what there is: by a command where one lists it."""
    return (
        f"it has {', '.join(known)}"
        if kind in ("blocs", "collected", "concordances", "lines", "outlines", "words")
        else f"`entrepot {kind}` lists them"
    )


def find(kind: Kind, name_or_path: str | Path) -> Path:
    """Return the file of a shipped name, or the file a person names (anything with a suffix or a folder in it).

    Raises
    ------
    UnknownLabel
        A bare name that is not shipped.
    """
    given = Path(name_or_path)
    if str(name_or_path) in names(kind):
        return path_of(kind, str(name_or_path))
    if given.parent == Path(kind) and given.stem in names(kind) and not given.exists():
        return path_of(kind, given.stem)  # as lists of what is shipped write it: statements/india-russia-2025.yaml
    if given.suffix or len(given.parts) > 1:
        return given
    return path_of(kind, str(name_or_path))


def sidecar_of(table: Path, model: type[Sidecar]) -> Sidecar:
    """Return the provenance written beside a shipped table."""
    return validated(model, read_yaml(table.with_suffix(".yaml")))
