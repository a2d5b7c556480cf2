"""House rules: what the design asks of every file, checked by a machine."""

import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

import entrepot
from entrepot.core.provenance import Provenance
from entrepot.data import shipped
from entrepot.economy.elasticities import ElasticityProvenance
from entrepot.policy.scenario import load_scenario, scenario_schema
from entrepot.policy.schedule import load_schedule, schedule_schema

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "entrepot"
SHIPPED = SOURCE / "data" / "shipped"


def test_a_folder_imports_only_from_folders_to_its_left() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_public_names_are_these_and_all_of_them_open() -> None:
    assert entrepot.__all__ == [
        "Brief", "Economy", "Elasticities", "EntrepotError", "Facts", "InputError", "Limit", "Model", "NotConverged",
        "Result", "Scenario", "Schedule", "Shock", "Statements", "Verdict", "check", "decompose", "effective_rates",
        "exposure", "gather", "load_brief", "load_economy", "load_elasticities", "load_facts", "load_scenario",
        "load_schedule", "load_statements", "model", "nash", "optimal_tariff", "rebalance", "rebase", "seek",
        "sensitivity", "solve", "solve_many", "sweep", "trade_off", "uncertainty", "write_brief",
    ]  # fmt: skip
    for name in entrepot.__all__:
        assert inspect.getdoc(getattr(entrepot, name)), f"{name} has no docstring"
    assert re.fullmatch(r"\d+\.\d+\.\d+", entrepot.__version__)
    with pytest.raises(AttributeError, match="no attribute 'slove'"):
        entrepot.slove  # noqa: B018


def modules() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_module_and_every_public_function_says_what_it_does(path: Path) -> None:
    import ast

    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module has no docstring"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            nested = any(
                node in ast.walk(f) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) and f is not node
            )
            assert nested or ast.get_docstring(node), f"{node.name} has no docstring"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 350, "does it still hold one idea?"
    assert path.stem not in {"utils", "helpers", "misc", "aux", "common"}


def tables() -> list[Path]:
    """Return every table of figures: what is shipped, and what the tests are checked against."""
    places = [*SHIPPED.rglob("*"), *(ROOT / "tests" / "data").rglob("*")]
    return sorted(path for path in places if path.suffix in {".nc", ".csv", ".parquet"})


@pytest.mark.parametrize("path", tables(), ids=lambda path: path.stem)
def test_every_table_has_a_sidecar_that_names_its_source(path: Path) -> None:
    model = ElasticityProvenance if path.parent.name == "elasticities" else Provenance
    assert shipped.sidecar_of(path, model).source


@pytest.mark.parametrize("field", ["title", "source", "licence", "year", "unit"])
def test_a_blank_source_fails(field: str) -> None:
    said = dict.fromkeys(["title", "source", "licence", "year", "unit"], "said") | {field: "  "}
    with pytest.raises(ValidationError):
        Provenance.model_validate(said)


@pytest.mark.parametrize("name", shipped.names("scenarios"))
def test_every_shipped_scenario_says_what_it_can_and_cannot_say(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.summary
    assert len(scenario.summary) > 200
    assert all(source is not None for source in scenario.tables().values())


def test_the_reference_of_the_command_line_and_the_schema_are_up_to_date() -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    from write_reference import SCHEMAS, command_line, schema

    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == command_line(), "run `make docs`"
    for kind in SCHEMAS:
        path = ROOT / "docs" / f"{kind}.schema.json"
        assert path.read_text(encoding="utf-8") == schema(kind), "run `make docs`"


def test_the_schema_accepts_the_shipped_scenarios_and_refuses_a_typo() -> None:
    import jsonschema

    validator = jsonschema.Draft202012Validator(scenario_schema())
    for name in shipped.names("scenarios"):
        document = yaml.safe_load(shipped.path_of("scenarios", name).read_text(encoding="utf-8"))
        document = json.loads(json.dumps(document, default=str))
        validator.validate(document)
        with pytest.raises(jsonschema.ValidationError):
            validator.validate({**document, "titel": "typo"})


def test_the_schema_of_schedules_accepts_the_shipped_ones() -> None:
    import jsonschema

    validator = jsonschema.Draft202012Validator(schedule_schema())
    for name in shipped.names("schedules"):
        document = yaml.safe_load(shipped.path_of("schedules", name).read_text(encoding="utf-8"))
        validator.validate(json.loads(json.dumps(document, default=str)))
        assert len(load_schedule(name).summary) > 200


def test_no_committed_file_names_an_index_host_or_a_path_of_somebodys_machine() -> None:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    files = [ROOT / name for name in listing.stdout.splitlines()] or [
        p for p in ROOT.rglob("*") if ".venv" not in p.parts
    ]
    hosts = re.compile(rb"p[y]pi\.org|python[h]osted|registry\.np[m]js|/(?:ho[m]e|ro[o]t|wo[r]k)/[a-z]")
    for path in files:
        if path.is_file() and path.suffix not in {".nc", ".parquet"}:
            found = hosts.search(path.read_bytes())
            assert not found, f"{path.relative_to(ROOT)} names {found[0]!r}" if found else ""


def test_the_locks_pin_every_package_with_hashes() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        entries = re.split(r"\n(?=[a-z])", text.strip())
        assert len(entries) > 40
        assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


def test_decisions_are_numbered_and_dated() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04d}" for number in range(1, len(pages) + 1)]
    assert len(pages) >= 4
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert all(heading in text for heading in ("## Decision", "## Why", "## What it costs")), page.name
