"""Write tests/evidence/scores.csv, the recorded scores of the shipped backtests.

Only where a difference is meant; the change of every score goes into CHANGELOG.md.
"""

from pathlib import Path

import pandas as pd

from entrepot.data import shipped
from entrepot.study.backtests.backtest import backtest
from entrepot.study.backtests.event import load_event

SCORES = Path(__file__).parents[1] / "tests" / "evidence" / "scores.csv"


def main() -> None:
    """Compute the scores of every event with known outcomes."""
    names = [name for name in shipped.names("backtests") if load_event(name).design != "frozen"]
    tables = [backtest(name).scores.assign(event=name) for name in names]
    whole = pd.concat(tables)
    whole[["event", *(name for name in whole if name != "event")]].to_csv(SCORES, index=False, float_format="%.9g")


if __name__ == "__main__":
    main()
