"""Shared parts of reports: wording, tables, charts, maps, HTML."""
