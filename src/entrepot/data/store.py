"""Tables read and filtered through DuckDB: the only module that opens it."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd

from entrepot.core.errors import FileProblem, InvalidDocument, listed
from entrepot.data.files import existing


def _session() -> duckdb.DuckDBPyConnection:
    """Return a connection of one's own to the one database in memory: opening a database takes longer than reading."""
    return _database(os.getpid()).cursor()


@cache
def _database(process: int) -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def read_parquet(path: Path, columns: Sequence[str], among: Mapping[str, Sequence[str]] | None = None) -> pd.DataFrame:
    """Return columns of a Parquet file, in the order of its rows.

    Parameters
    ----------
    path
        The file.
    columns
        Those wanted, in the order wanted.
    among
        Only rows whose value in a column is among those given.

    Raises
    ------
    InvalidDocument
        Not Parquet, or a column is missing.
    FileProblem
        Missing or unreadable.
    """
    source = str(existing(path))
    with _session() as connection, _told(path):
        table = connection.read_parquet(source)
        missing = [name for name in columns if name not in table.columns]
        if missing:
            found = listed(table.columns)
            raise InvalidDocument(f"{path.name}: no column {listed(missing)}; found {found}; add it")
        for name, values in (among or {}).items():
            chosen = [duckdb.ConstantExpression(value) for value in values]
            table = table.filter(duckdb.ColumnExpression(name).isin(*chosen))
        read: pd.DataFrame = table.select(*(duckdb.ColumnExpression(name) for name in columns)).df()
        return read


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say in one line what is wrong with a Parquet file."""
    try:
        yield
    except duckdb.IOException as error:
        raise FileProblem(f"{path} cannot be read: {str(error).splitlines()[0]}; check the file") from error
    except duckdb.Error as error:
        raise InvalidDocument(f"{path.name}: not a Parquet table: {str(error).splitlines()[0][:200]}") from error


def columns_of(path: Path) -> list[str]:
    """Return the names of the columns of a Parquet file.

    Raises
    ------
    InvalidDocument
        Not Parquet.
    FileProblem
        Missing or unreadable.
    """
    with _session() as connection, _told(path):
        return list(connection.read_parquet(str(existing(path))).columns)


def write_parquet(path: Path, table: pd.DataFrame) -> None:
    """Write a table to a Parquet file, whole or not at all: it is on the disk before it has its name.

    Parameters
    ----------
    path
        The file; its folder must exist.
    table
        At least one row; what is missing among numbers comes back as NaN.

    Raises
    ------
    FileProblem
        The disk is full, or the folder may not be written.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with _session() as connection:
            connection.from_df(table).write_parquet(str(unfinished), compression="zstd")
        with unfinished.open("rb+") as stream:
            os.fsync(stream.fileno())
        os.replace(unfinished, path)
    except (OSError, duckdb.IOException) as error:
        why = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise FileProblem(f"cannot write {path}: {why}; free space or choose another folder") from error
    finally:
        unfinished.unlink(missing_ok=True)


def filtered(table: pd.DataFrame, among: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return the rows of a table in memory whose value in each column is among those given, in their order.

    Parameters
    ----------
    table
        Any table of texts and numbers.
    among
        By column, the values wanted.
    """
    with _session() as connection:
        relation = connection.from_df(table)
        for name, values in among.items():
            chosen = [duckdb.ConstantExpression(value) for value in values]
            relation = relation.filter(duckdb.ColumnExpression(name).isin(*chosen))
        kept: pd.DataFrame = relation.df()
        return kept
