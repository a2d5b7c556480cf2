"""What long computations call to report progress: one type for each set of arguments."""

from collections.abc import Callable

StepProgress = Callable[[int, float], None]
"""Called with the steps so far and how far is left: a residual, or the largest move of a rate."""

CountProgress = Callable[[int], None]
"""Called with how many are done."""

TotalProgress = Callable[[int, int], None]
"""Called with how many are done, and how many there are."""
