"""How long the commands take from start to finish, in a process of their own."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

LIMITS = {
    ("--help",): 0.5,
    ("simulate", "us-tariffs-on-india-2025"): 6.0,
    ("tariffs", "--on", "2025-08-27", "--from", "IND"): 2.0,
    ("exposure", "--importer", "USA", "--partner", "IND", "--on", "2025-08-27"): 2.0,
}  # seconds on two cores


@pytest.mark.parametrize("words", LIMITS, ids=" ".join)
def test_command_from_start_to_finish(words: tuple[str, ...]) -> None:
    command = [Path(sys.executable).with_name("entrepot"), *words]
    taken = []
    for _ in range(4):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        taken.append(time.perf_counter() - began)
    print(f"\nentrepot {' '.join(words)}: {min(taken):.2f} s at best, first {taken[0]:.2f} s (at most {LIMITS[words]})")
    assert min(taken) <= LIMITS[words]
