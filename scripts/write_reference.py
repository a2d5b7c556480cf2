"""Write docs/cli.md and the schemas of files from the code: `make docs`. A test fails where they lag behind."""

import json
from pathlib import Path

import typer
from typer.core import TyperGroup

from entrepot.app.cli.root import app
from entrepot.brief.spec import brief_schema
from entrepot.policy.load import scenario_schema
from entrepot.policy.schedules.schedule import schedule_schema
from entrepot.statements.statement import statements_schema

SCHEMAS = {
    "scenario": scenario_schema,
    "schedule": schedule_schema,
    "statements": statements_schema,
    "brief": brief_schema,
}
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


def schema(of: str = "scenario") -> str:
    """Return the JSON Schema of scenarios, schedules, statements or briefs."""
    return json.dumps(SCHEMAS[of](), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    (DOCS / "cli.md").write_text(command_line(), encoding="utf-8")
    for kind in SCHEMAS:
        (DOCS / f"{kind}.schema.json").write_text(schema(kind), encoding="utf-8")
