"""A result becomes table, chart and page."""
