"""Partial equilibrium: tariff lines one at a time, no feedback through incomes."""
