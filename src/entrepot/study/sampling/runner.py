"""Any list of cases, run: on this machine's cores or on a cluster, kept on disk as it goes and gone on with later."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from entrepot.core.progress import TotalProgress
from entrepot.study.parallel import checked, ordered_map
from entrepot.study.sampling.cases import MEASURED, NUMBER, PROBLEM, Case, Study, in_rows
from entrepot.study.sampling.checkpoint import Checkpoint

Rows: TypeAlias = Generator[list[dict[str, Any]], None, None]


def run_cases(
    study: Study,
    cases: Sequence[Case],
    question: Mapping[str, Any],
    *,
    to: str | Path | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: TotalProgress | None = None,
) -> pd.DataFrame:
    """Return one row a case, by number: the same rows whoever worked them out, in which order, in how many runs.

    Parameters
    ----------
    study, cases
        What is asked, and of which points.
    question
        What a folder of results is about (`fingerprint.question`).
    to
        A folder that rows are kept in as they come; one with rows of the same question is gone on with, one that
        answers another is refused. Left out: in memory only.
    scheduler
        The address of a Dask scheduler, ``tcp://HOST:PORT``; left out, threads of this process.
    workers
        Threads; left out, one for each core.
    progress
        Told how many cases are done, and how many there are.

    Raises
    ------
    FileProblem
        The folder is full, another run's, or another question's; what was done until then is kept.
    """
    workers = checked(workers)
    columns = [NUMBER, *cases[0].values, *study.columns, *MEASURED, PROBLEM]
    if to is None:
        rows = _worked_out(study, cases, scheduler, workers, progress, len(cases))
        return in_rows([row for some in rows for row in some])[columns]
    with Checkpoint(Path(to), question, columns) as checkpoint:
        left = [case for case in cases if case.number not in checkpoint.done]
        if progress is not None:
            progress(len(cases) - len(left), len(cases))
        with closing(_worked_out(study, left, scheduler, workers, progress, len(cases))) as answers:
            for some in answers:
                checkpoint.add(some)
        table = checkpoint.table()
    wanted = table[table[NUMBER].isin([case.number for case in cases])]  # a folder may hold more draws than these
    return wanted.reset_index(drop=True)


def _worked_out(
    study: Study,
    cases: Sequence[Case],
    scheduler: str | None,
    workers: int | None,
    progress: TotalProgress | None,
    total: int,
) -> Rows:
    """Yield rows as they come, and tell how far it is."""
    if scheduler is None:
        answers: Rows = ([row] for _, row in ordered_map(cases, study.answer, workers))
    else:
        from entrepot.study.sampling.cluster import on_cluster  # Dask is an extra

        answers = on_cluster(study, cases, scheduler)
    done = total - len(cases)
    with closing(answers):
        for some in answers:
            done += len(some)
            yield some
            if progress is not None:
                progress(done, total)
