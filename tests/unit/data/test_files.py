import os
from pathlib import Path

import pytest

from entrepot.core.errors import FileProblem
from entrepot.data import files
from entrepot.data.files import cached_by_content
from entrepot.data.tables import read_table


def test_a_text_is_written_whole_and_leaves_nothing_else_behind(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    target.write_text("old")
    files.write_text(target, "neu – ganz")
    assert target.read_text(encoding="utf-8") == "neu – ganz"
    assert list(tmp_path.iterdir()) == [target]
    assert target.stat().st_mode & 0o077  # as readable as the umask allows, unlike a temporary file


def test_a_failed_write_leaves_the_old_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "page.html"
    target.write_text("old")

    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "replace", full)
    with pytest.raises(FileProblem, match="No space left on device; free space"):
        files.write_text(target, "new")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("place", ["nowhere/page.html", "file.txt/page.html", "."])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_computed(tmp_path: Path, place: str) -> None:
    (tmp_path / "file.txt").write_text("")
    with pytest.raises(FileProblem, match=r"is not a folder; make it first|is a folder; name a file"):
        files.require_writable(tmp_path / place)


def table(folder: Path, text: str) -> Path:
    path = folder / "theta.csv"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sector\nA01\n", "no column theta; found sector"),
        ("sector,theta,note\nA01,1,x\n", "unknown column note"),
        ("sector,theta\nA01,1\nA01,2\n", "line 3: A01 is given twice"),
        ("sector,theta\nA01,1\nB01,high\n", "line 3: theta is 'high'; write a finite number"),
        ("sector,theta\nA01,inf\n", "line 2: theta is 'inf'"),
        ("", "the table is empty; write the columns sector, theta"),
        ("sector,theta,theta\nA01,1,2\n", "a column is given twice"),
        ("sector,theta\n\nA01,1\nB01,x\n", "line 4: theta is 'x'"),
        ('sector,theta\n"A01,1\n', "line 2: not a CSV table"),
        ("sector,theta\nA01,1,2,3\nA02,1\n", "line 2: found 4 cells; write 2, as in the first line"),
    ],
)
def test_a_table_that_is_wrong_says_where(tmp_path: Path, text: str, message: str) -> None:
    from entrepot.core.errors import InvalidDocument

    with pytest.raises(InvalidDocument, match=message):
        read_table(table(tmp_path, text), ["sector", "theta"], number="theta")


def test_a_blank_cell_is_missing_not_zero_and_na_is_a_code(tmp_path: Path) -> None:
    read = read_table(table(tmp_path, "sector,theta\nNA,4\nB05,\n"), ["sector", "theta"], number="theta")
    assert read["sector"].tolist() == ["NA", "B05"]
    assert read["theta"].isna().tolist() == [False, True]


def test_a_table_from_a_spreadsheet_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "theta.csv"
    path.write_text("sector,theta\r\nA01,4\r\n", encoding="utf-8-sig")
    assert read_table(path, ["sector", "theta"], number="theta")["theta"].tolist() == [4.0]


def test_what_is_no_ordinary_file_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(FileProblem, match="no ordinary file"):
        files.write_text(pipe, "text")
    assert not pipe.is_file()


def test_a_link_stays_a_link_and_a_private_file_private(tmp_path: Path) -> None:
    kept = tmp_path / "kept.html"
    kept.write_text("old", encoding="utf-8")
    kept.chmod(0o600)
    link = tmp_path / "link.html"
    link.symlink_to(kept)
    files.write_text(link, "new")
    assert link.is_symlink()
    assert kept.read_text(encoding="utf-8") == "new"
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_name_too_long_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="shorten it"):
        files.write_text(tmp_path / ("x" * 300), "text")


def test_what_a_function_of_a_file_returns_is_kept_until_the_file_is_written_anew(tmp_path: Path) -> None:
    asked = []

    @cached_by_content(2)
    def text_of(path: Path, times: int = 1) -> str:
        """Return the text, repeated."""
        asked.append(path.name)
        return path.read_text(encoding="utf-8") * times

    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a", encoding="utf-8")
    two.write_text("b", encoding="utf-8")
    assert [text_of(one), text_of(one), text_of(one, 2), text_of(one, times=2)] == ["a", "a", "aa", "aa"]
    assert asked == ["one"] * 3  # by position and by name are two ways to ask
    assert text_of(two) == "b"
    one.write_text("other", encoding="utf-8")
    assert text_of(one) == "other"
    assert text_of.__doc__ == "Return the text, repeated."
    one.unlink()
    with pytest.raises(FileNotFoundError):
        text_of(one)
