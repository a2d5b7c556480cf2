"""Write docs/cli.md and the JSON Schemas in docs from the code: `make docs`. A test fails where they lag behind."""

import json
from pathlib import Path

import typer
from typer.core import TyperGroup

from entrepot.app.cli import app
from entrepot.policy.scenario import scenario_schema
from entrepot.statements.statement import statements_schema

DOCS = Path(__file__).parents[1] / "docs"


def command_line() -> str:
    """Return the page of commands: what `--help` says of each."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    pages = [
        "# The command line\n\nWritten from `--help` by `make docs`. Every command answers bad input with one clear "
        "line on standard error\nand exit code 2.\n"
    ]
    for name in ["", *group.commands]:
        command = group.commands[name] if name else group
        title = f"entrepot {name}".strip()
        names = ["-h", "--help"]
        context = typer.Context(
            command, info_name=title, max_content_width=100, terminal_width=100, help_option_names=names
        )
        pages.append(f"## {title}\n\n```\n{command.get_help(context)}\n```\n")
    return "\n".join(pages)


def schema() -> str:
    """Return the JSON Schema of scenario files."""
    return json.dumps(scenario_schema(), indent=2, ensure_ascii=False) + "\n"


def schema_of_statements() -> str:
    """Return the JSON Schema of files of statements."""
    return json.dumps(statements_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    (DOCS / "cli.md").write_text(command_line(), encoding="utf-8")
    (DOCS / "scenario.schema.json").write_text(schema(), encoding="utf-8")
    (DOCS / "statements.schema.json").write_text(schema_of_statements(), encoding="utf-8")
