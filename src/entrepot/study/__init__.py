"""The same question asked many times."""
