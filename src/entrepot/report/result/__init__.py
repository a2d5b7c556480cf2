"""How one result is shown: headline, tables, charts, JSON."""
