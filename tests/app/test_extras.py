"""Commands without the optional packages: what needs none works, what needs one says how to install it."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from entrepot.core.errors import MissingExtra
from entrepot.core.extras import MODULES, imports_of, require

ROOT = Path(__file__).parents[2]
NOT_THERE = """
import sys

class Without:
    def __init__(self, finder):
        self.finder = finder

    def __getattr__(self, name):
        return getattr(self.finder, name)

    def find_spec(self, name, path=None, target=None):
        return None if name.partition(".")[0] in {blocked!r} else self.finder.find_spec(name, path, target)

sys.meta_path[:] = map(Without, sys.meta_path)
"""
ALL = sorted({module for modules in MODULES.values() for module in modules} | {"starlette", "markupsafe", "dask"})


SAID = """
import contextlib, io, json
from entrepot.app.cli.root import main

said = []
for words in {commands!r}:
    sys.argv, out, err, code = ["entrepot", *words], io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = end.code
    said.append([code, out.getvalue(), err.getvalue()])
print(json.dumps(said))
"""


def without_extras(code: str, folder: Path) -> str:
    """Return what Python code prints in a process that has no optional package."""
    done = subprocess.run(
        [sys.executable, "-c", NOT_THERE.format(blocked=ALL) + code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def commands_without_extras(commands: list[str], folder: Path) -> list[tuple[int, str, str]]:
    """Return exit code, output and errors of each command; one process for all, because starting takes longest."""
    return json.loads(without_extras(SAID.format(commands=[words.split() for words in commands]), folder))


def test_a_command_says_in_one_line_which_extra_it_needs(tmp_path: Path) -> None:
    needed = {
        "brief india-russia-2025": "charts",
        "simulate us-tariffs-on-india-2025 --brief page.html": "charts",
        "check india-russia-2025 --html page.html": "charts",
        "uncertainty us-tariffs-on-india-2025 --draws 2 --html page.html": "charts",
        "uncertainty us-tariffs-on-india-2025 --draws 2 --scheduler tcp://127.0.0.1:9": "cluster",
        "comtrade mine.csv --reporter IND --period 2024": "comtrade",
        "serve --port 0": "desk",
    }
    for (code, out, err), extra in zip(commands_without_extras([*needed], tmp_path), needed.values(), strict=True):
        assert (code, out) == (2, "")
        assert err.count("\n") == 1
        assert err.startswith("entrepot: ")
        assert err.endswith(f"; install it: pip install 'entrepot[{extra}]'\n")
    assert not list(tmp_path.iterdir())


def test_commands_that_print_tables_need_no_extra(tmp_path: Path) -> None:
    commands = [
        "simulate us-tariffs-on-india-2025",
        "simulate oil-penalty-trade-off",
        "uncertainty us-tariffs-on-india-2025 --draws 2",
        "sweep india-russia-balance --over cut=-50%|-20%",
        "check india-russia-2025 --explain oil-largest-buyer",
        "tariffs --on 2025-08-27 --from IND --to USA",
        "briefs",
    ]
    said = commands_without_extras(commands, tmp_path)
    assert [(code, err) for code, _, err in said] == [(0, "")] * len(commands)
    assert all(out for _, out, _ in said)
    assert "Cambodia" in said[0][1]


def test_in_python_a_public_name_says_which_extra_it_needs(tmp_path: Path) -> None:
    code = "import entrepot\ntry: entrepot.write_brief\nexcept entrepot.InputError as error: print(error)\n"
    assert without_extras(code, tmp_path) == (
        "charts and pages cannot be used (No module named 'countryinfo'); install it: pip install 'entrepot[charts]'\n"
    )


def test_the_extras_are_those_of_the_package_and_all_is_all_of_them() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert sorted(extras) == sorted([*MODULES, "all"])
    assert extras["all"] == [f"entrepot[{','.join(sorted(MODULES))}]"]
    for extra in MODULES:
        require(extra)


def test_a_module_of_ours_that_is_missing_is_a_fault_not_an_extra() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"entrepot\.nowhere"), imports_of("charts"):
        import entrepot.nowhere  # noqa: F401


def test_a_package_that_cannot_be_loaded_is_named_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(MissingExtra, match=r"charts and pages cannot be used \(No module named 'altair'\); install it"):
        require("charts")
