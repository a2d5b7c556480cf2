"""Sections of `entrepot --help`: without Rich's help pages, which are slow to load, Typer prints one long list."""

from typing import Any

from typer.core import TyperGroup


class SectionedGroup(TyperGroup):
    """Commands listed under the section that each was registered with as ``rich_help_panel``."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write one section after another, in the order in which commands were registered."""
        width = max(len(name) for name in self.commands)
        limit = formatter.width - width - 6  # as Typer does: columns left for the first sentence of each command
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            section = getattr(command, "rich_help_panel", None) or "Commands"
            sections.setdefault(section, []).append((name.ljust(width), command.get_short_help_str(limit)))
        for title, rows in sections.items():
            with formatter.section(title):
                formatter.write_dl(rows)
