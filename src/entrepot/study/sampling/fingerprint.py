"""What a folder of results is about, as hashes: another economy, scenario or version is another question."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from entrepot.economy.economy import Economy
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.policy.amount import rate_file
from entrepot.policy.scenario import Scenario
from entrepot.policy.schedules.sector_duties import ScheduleRates
from entrepot.policy.shock import Shock
from entrepot.study.sampling.cases import Study
from entrepot.study.sampling.inputs import ELASTICITIES, Input


def question(study: Study, kind: str, inputs: Iterable[Input], **more: Any) -> dict[str, Any]:
    """Return what a study asks, as plain values: the manifest of its folder.

    Parameters
    ----------
    study
        What its cases have in common.
    kind
        ``draws``, ``sweep`` or ``sobol``.
    inputs
        What varies.
    more
        What else makes it this question: the seed.
    """
    inputs = list(inputs)
    scenario = study.change if isinstance(study.change, Scenario) else None
    return {
        "entrepot": version("entrepot"),
        "kind": kind,
        "economy": f"{study.economy.name} {of_economy(study.economy)}",
        "scenario": f"{scenario.name if scenario else 'a shock'} {of_change(study.change, study.economy)}",
        "model": {name: _plain(value) for name, value in asdict(study.model).items()},
        "deficits": study.deficits,
        "settings": asdict(study.settings or Settings()),
        "inputs": {one.name: _exact(one) for one in inputs},
        "outcomes": study.columns,
        **more,
    }


def of_economy(economy: Economy) -> str:
    """Return a hash of every figure and label of an economy."""
    return _hash([*(array.values for array in economy.accounts), economy.labels, economy.unit])


def of_change(change: Scenario | Shock, economy: Economy) -> str:
    """Return a hash of a shock's arrays, or of a scenario's file with every table it reads."""
    if isinstance(change, Shock):
        arrays = [getattr(change, name) for name in change.__dataclass_fields__ if name != "limits"]
        limits = [
            [value.values if hasattr(value, "values") else value for value in vars(limit).values()]
            for limit in change.limits
        ]
        return _hash([*(None if array is None else array.values for array in arrays), limits])
    return _hash([
        change._document.content, change.model_dump_json(), str(change.date), list(change._place),
        *(path.read_bytes() for path in sorted(_files(change))),
    ])  # fmt: skip


def _files(scenario: Scenario) -> set[Path]:
    every = [*scenario.instruments, *(one for option in scenario.options.values() for one in option.instruments)]
    found = set()
    for table in (table for instrument in every for table in instrument.tables):
        if isinstance(table, ScheduleRates):
            schedule = table.loaded(scenario._folder)
            found |= {table.path(scenario._folder), *schedule.files()}
        else:
            found.add(rate_file(table.table, scenario._folder))
    return found


def _exact(one: Input) -> str:
    """Return a distribution to the last digit; tables of elasticities by their content, because a file may change."""
    if one.name != ELASTICITIES:
        return repr(one.distribution)
    from entrepot.economy.elasticities import load_elasticities

    options = one.distribution.grid()
    return ", ".join(f"{name} {_hash([load_elasticities(str(name)).theta.to_dict()])}" for name in options)


def _hash(parts: list[Any]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            digest.update(str((part.dtype, part.shape)).encode() + np.ascontiguousarray(part).tobytes())
        elif isinstance(part, bytes):
            digest.update(b"bytes" + part)
        elif isinstance(part, list) and any(isinstance(inner, list | np.ndarray) for inner in part):
            digest.update(_hash(part).encode())
        else:
            digest.update(json.dumps(part, sort_keys=True, default=str).encode())
    return digest.hexdigest()[:16]


def _plain(value: Any) -> Any:
    return {str(key): float(one) for key, one in value.items()} if isinstance(value, dict) else value
