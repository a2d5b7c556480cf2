"""Numerical methods. They know no economics."""
