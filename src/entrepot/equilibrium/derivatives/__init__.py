"""Outcomes and their exact derivatives by the adjoint."""
