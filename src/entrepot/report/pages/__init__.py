"""The HTML pages of briefs."""
