"""Every error entrepot raises on purpose.

    EntrepotError
    ├── InputError            something handed in is wrong; the command line answers with exit code 2
    │   ├── UnknownLabel      a country, sector, group or name that does not exist
    │   ├── MisalignedLabels  labels that should be the same are not, or stand in another order
    │   ├── MissingValue      a NaN where a number must stand
    │   ├── InvalidEconomy    accounts that break an identity
    │   ├── InvalidShock      a policy change that has no meaning
    │   │   └── Infeasible    one that no equilibrium can follow
    │   ├── InvalidDocument   a file a person wrote that does not say what it should
    │   ├── UnitClash         figures in different units where one figure is asked for
    │   ├── FileProblem       missing, unreadable or not writable
    │   └── MissingExtra      a package that an extra of entrepot installs is not there
    ├── NotConverged          no equilibrium was found; says where it stuck and what to try
    └── ClusterLost           a cluster that stopped answering; what it did until then is kept

A message has three parts: what is wrong and where, what was found, what to do. It is one line per problem.
"""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType

MOST_LABELS = 5  # a message that lists more is no longer read


class EntrepotError(Exception):
    """Base of every error raised on purpose."""


class InputError(EntrepotError, ValueError):
    """Something handed in is wrong."""


class UnknownLabel(InputError):
    """A country, sector, group or name that does not exist."""


class MisalignedLabels(InputError):
    """Labels that should be the same are not, or stand in another order."""


class MissingValue(InputError):
    """A NaN where a number must stand."""


class InvalidEconomy(InputError):
    """Accounts that break an identity."""


class InvalidShock(InputError):
    """A policy change that has no meaning."""


class Infeasible(InvalidShock):
    """A policy change after which no equilibrium exists."""


class InvalidDocument(InputError):
    """A file a person wrote that does not say what it should."""


class UnitClash(InputError):
    """Figures in different units where one figure is asked for."""


class FileProblem(InputError):
    """A file that is missing, unreadable or not writable."""


class MissingExtra(InputError):
    """An optional package that is not installed."""


class NotConverged(EntrepotError, RuntimeError):
    """No equilibrium was found."""


class ClusterLost(EntrepotError, RuntimeError):
    """A cluster that stopped answering."""


def raise_all(problems: Sequence[InputError]) -> None:
    """Raise problems, if there are any: one as it is, several as one InvalidDocument with a line each."""
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise InvalidDocument("\n".join(str(problem) for problem in problems))


def listed(labels: Iterable[object]) -> str:
    """Return at most five labels, then "and N more"."""
    every = [str(label) for label in labels]
    shown = ", ".join(every[:MOST_LABELS])
    return shown if len(every) <= MOST_LABELS else f"{shown} and {len(every) - MOST_LABELS} more"


def nearest(
    word: str, known: Sequence[str], names: Sequence[str] = (), also: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Return "; nearest: A (Name), B (Name)" for the known codes that `word` resembles, or nothing.

    Parameters
    ----------
    word
        What was written.
    known
        The codes that exist.
    names
        Their names in the same order; a word is compared with codes and names alike.
    also
        Other words for the codes, each with its code.
    """
    name_of = dict(zip(known, names, strict=True)) if names else {}
    by_spelling = {spelling.casefold(): code for spelling, code in also.items()}
    by_spelling |= {code.casefold(): code for code in reversed(known)}
    by_spelling |= {name.casefold(): code for code, name in reversed(name_of.items())}
    matches = get_close_matches(word.casefold(), by_spelling, n=6, cutoff=0.5)
    codes = list(dict.fromkeys(by_spelling[match] for match in matches))[:3]
    if not codes:
        return ""
    return "; nearest: " + ", ".join(f"{code} ({name_of[code]})" if code in name_of else code for code in codes)
