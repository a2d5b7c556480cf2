"""House rules: what the design asks of every file, checked by a machine."""

import ast
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
from entrepot.policy.load import load_scenario, scenario_schema
from entrepot.policy.schedules.schedule import load_schedule, schedule_schema
from import_graph import circles, import_graph, imports_of

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


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles(import_graph(SOURCE)) == []


def test_a_circle_is_found() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set(), "e": {"a", "f"}, "f": {"e"}}
    assert circles(graph) == [["b", "c"], ["e", "f"]]


def test_below_the_app_nothing_comes_in_through_the_front_door() -> None:
    guests = {name for name, imported in import_graph(SOURCE).items() if "entrepot" in imported}
    assert {name for name in guests if not name.startswith("entrepot.app.")} == set()


def test_report_takes_only_types_and_constants_from_what_computes() -> None:
    rooms = ("entrepot.study", "entrepot.partial", "entrepot.brief")
    pure = {("entrepot.brief", "commands")}  # words of a command line
    for path in (SOURCE / "report").rglob("*.py"):
        for module, name in imports_of(path):
            if module.startswith(rooms) and (module, name) not in pure:
                assert name[:1].isupper(), f"{path.relative_to(SOURCE)} imports {name} from {module}"


def test_no_folder_is_crowded() -> None:
    for folder in {path.parent for path in modules()}:
        inside = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(inside) <= 16, f"{folder.relative_to(SOURCE)} has {len(inside)} modules; make a room of some"


def test_a_file_of_tests_has_a_name_of_its_own() -> None:
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names)), "of two files with one name, only one is collected"


def test_a_class_or_alias_has_a_name_of_its_own() -> None:
    homes: dict[str, list[str]] = {}
    for path in modules():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
            names = [node.name] if isinstance(node, ast.ClassDef) else [one.id for one in targets if hasattr(one, "id")]
            for name in names:
                if name[:1].isupper() and not name.isupper():
                    homes.setdefault(name, []).append(str(path.relative_to(SOURCE)))
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}


def test_the_public_names_are_those_of_the_stub_and_all_of_them_open() -> None:
    stub = ast.parse((SOURCE / "__init__.pyi").read_text(encoding="utf-8"))
    names = [one for node in stub.body if isinstance(node, ast.ImportFrom) for one in node.names]
    assert all(one.asname == one.name for one in names), (
        "type checkers take a name as public if it is written NAME as NAME"
    )
    assert entrepot.__all__ == [one.name for one in names]
    assert dir(entrepot) == sorted([*entrepot.__all__, "__version__"])
    for name in entrepot.__all__:
        assert inspect.getdoc(getattr(entrepot, name)), f"{name} has no docstring"
    assert re.fullmatch(r"\d+\.\d+\.\d+", entrepot.__version__)
    with pytest.raises(AttributeError, match="no attribute 'slove'"):
        entrepot.slove  # noqa: B018


def test_the_documents_name_no_public_name_that_is_not_there() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    mentioned = {
        name for page in pages for name in re.findall(r"\bentrepot\.(\w+)\(", page.read_text(encoding="utf-8"))
    }
    assert len(mentioned) > 10
    assert mentioned <= set(entrepot.__all__)


def modules() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_module_and_every_public_function_says_what_it_does(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module has no docstring"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            nested = any(
                node in ast.walk(f) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) and f is not node
            )
            overload = any(isinstance(one, ast.Name) and one.id == "overload" for one in node.decorator_list)
            assert nested or overload or ast.get_docstring(node), f"{node.name} has no docstring"
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


def test_dates_are_written_as_every_operating_system_can() -> None:
    for path in SOURCE.rglob("*"):
        if path.suffix in {".py", ".j2"}:
            assert "%-" + "d" not in path.read_text(encoding="utf-8"), f"{path.name}: Windows has no %-" + "d"


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
