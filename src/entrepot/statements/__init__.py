"""Was it true? Statements about trade, every reading of them, verdicts."""
