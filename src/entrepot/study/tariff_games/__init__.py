"""Optimal tariffs, best responses and Nash tariffs."""
