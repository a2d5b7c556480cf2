"""Write tests/golden/results.csv, the results that tests/golden/test_golden.py holds the code to.

Only where a difference is meant; the change of every number goes into CHANGELOG.md.
"""

import csv
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"
sys.path.insert(0, str(TESTS))


def main() -> None:
    """Compute every result and write it, numbers to their last digit."""
    from golden.results import results

    found = results()  # first: an interrupt must leave the stored ones
    with (TESTS / "golden" / "results.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["name", "value"])
        rows.writerows([name, value if isinstance(value, str) else repr(value)] for name, value in found.items())


if __name__ == "__main__":
    main()
