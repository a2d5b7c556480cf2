"""A source becomes a labelled table with its unit and source. The only place that opens files."""
