"""Labels: axes, alignment, provenance, errors. No economics, no files."""
