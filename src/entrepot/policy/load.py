"""Scenarios from files, documents and shipped names, and the schema of their files."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from entrepot.data import shipped
from entrepot.data.documents import Document, read_yaml
from entrepot.policy.scenario import Scenario


def load_scenario(name_or_path: str | Path | Mapping[str, Any]) -> Scenario:
    """Return a shipped scenario, or the scenario in a YAML file or in a mapping.

    Parameters
    ----------
    name_or_path
        ``entrepot scenarios`` lists the shipped names; a file is checked against the schema that ``entrepot schema``
        prints; a mapping has the same fields. ``scenario.on("2025-08-21")`` is the same under the rules of another day,
        ``scenario.with_parameters(cut="-20 %")`` with other numbers, ``scenario.option("stop")`` one of its options.

    Raises
    ------
    InputError
        Nothing of that name, or a file that does not say what a scenario must; every problem at once, with its line.
    """
    if isinstance(name_or_path, Mapping):
        return scenario_of(Document(copy.deepcopy(dict(name_or_path))))
    return Scenario.of_document(read_yaml(shipped.find("scenarios", name_or_path)))


def by_lines_of(scenario: Scenario) -> Callable[[], Scenario] | None:
    """Return what loads the scenario's twin by tariff line, on the same day; None where it names none."""
    if scenario.by_lines is None:
        return None
    name: str | Path = scenario.by_lines
    if scenario._folder is not None and (scenario._folder / name).suffix in (".yaml", ".yml"):
        name = scenario._folder / name
    return lambda: load_scenario(name).on(scenario.date)


def scenarios() -> pd.DataFrame:
    """Return the shipped scenarios, one row a scenario: title, date and legal reference."""
    found = [load_scenario(name) for name in shipped.names("scenarios")]
    rows = {one.name: {"title": one.title, "date": str(one.date), "reference": one.reference} for one in found}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("name")


def scenario_of(document: Document) -> Scenario:
    """Return the scenario in a document that is no file: of tables and schedules it finds the shipped ones only.

    Raises
    ------
    InputError
        It does not say what a scenario must; every problem at once.
    """
    return Scenario.of_document(replace(document, file=None))


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of scenario files, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Scenario.model_json_schema()}
