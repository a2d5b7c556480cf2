"""A netCDF file that grows row by row, so that many results need not fit into memory together."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import h5netcdf
import h5py
import numpy as np

from entrepot.core.errors import FileProblem
from entrepot.data.files import mode_of, require_writable, target_of

ROWS_AT_ONCE = 64  # a file grows in few large steps: each one moves its bookkeeping


class CubeStream:
    """A file under another name until it is complete: what is left after an interruption is no half-written result.

    Parameters
    ----------
    path
        The file to write; its folder must exist.
    row
        Name of the axis that grows.
    """

    def __init__(self, path: Path, row: str) -> None:
        require_writable(path)
        self.path, self.row = target_of(path), row
        descriptor, name = tempfile.mkstemp(dir=self.path.parent, prefix=".entrepot-", suffix=".nc")
        os.close(descriptor)
        self.unfinished = Path(name)
        self.file = h5netcdf.File(self.unfinished, "w")
        self.file.dimensions = {row: None}
        self.count = 0
        self.waiting: list[Mapping[str, Any]] = []

    def declare(
        self, axes: Mapping[str, Sequence[str]], variables: Mapping[str, Sequence[str]], texts: set[str]
    ) -> None:
        """Name the labels of the axes that do not grow, and what each row holds on which of them."""
        for axis, labels in axes.items():
            self.file.dimensions[axis] = len(labels)
            self.file.create_variable(axis, (axis,), data=np.array(labels, dtype=h5py.string_dtype()))
        for name, dims in variables.items():
            kind = h5py.string_dtype() if name in texts else np.dtype(float)
            shape = tuple(len(axes[dim]) for dim in dims)
            self.file.create_variable(name, (self.row, *dims), dtype=kind, chunks=(min(ROWS_AT_ONCE, 8), *shape))

    def append(self, row: Mapping[str, Any]) -> None:
        """Add one row: a value for every variable."""
        self.waiting.append(row)
        if len(self.waiting) == ROWS_AT_ONCE:
            self._write()

    def _write(self) -> None:
        if not self.waiting:
            return
        after = self.count + len(self.waiting)
        try:
            self.file.resize_dimension(self.row, after)
            for name in self.waiting[0]:
                self.file.variables[name][self.count : after] = np.array([row[name] for row in self.waiting])
        except OSError as error:
            raise FileProblem(f"cannot write {self.path}: {error}; free space or choose another folder") from error
        self.count, self.waiting = after, []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._write()
            self.file.close()
            if kind is None:
                os.chmod(self.unfinished, mode_of(self.path))
                os.replace(self.unfinished, self.path)
        finally:
            self.unfinished.unlink(missing_ok=True)
