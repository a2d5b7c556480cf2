"""How many economies a law is tried on where another one solves the same equations on as many as the profile says."""

from hypothesis import settings

FEWER = settings(max_examples=max(1, 2 * settings().max_examples // 5))
"""Two fifths: for a law of one formula, beside those of every equation, model and closure (`laws/test_dials.py`)."""
