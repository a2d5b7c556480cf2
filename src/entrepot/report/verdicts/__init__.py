"""How verdicts on statements are shown."""
