import time
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from entrepot.core.errors import FileProblem, InvalidDocument
from entrepot.data.documents import parse_yaml, read_yaml, validated, written_yaml


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    rate: float


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    parts: list[Inner]


def written(folder: Path, text: str) -> Path:
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_problem_of_a_file_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, "titel: x\nparts:\n  - rate: 1\n  - rate: high\n    extra: 2\n")
    with pytest.raises(InvalidDocument) as caught:
        validated(Outer, read_yaml(path))
    lines = str(caught.value).splitlines()
    assert len(lines) == 4
    assert "case.yaml, line 1: title: missing; add it" in lines
    assert any(line.startswith("case.yaml, line 1: titel: unknown field; nearest: title") for line in lines)
    assert any(line.startswith("case.yaml, line 4: parts[1].rate: found 'high'; ") for line in lines)
    assert any(line.startswith("case.yaml, line 5: parts[1].extra: unknown field") for line in lines)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: [1, 2", "line 1: not YAML"),
        ("title: a\n  b: c: d", "line 2: not YAML"),
        ("title: a\ntitle: b", "line 2: title is given twice"),
        ("a: &x [1]\nb: *x", "aliases"),
        ("- 1", "found no fields"),
        ("", "found no fields"),
        ("{[a]: 1}", "not YAML|unhashable"),
    ],
)
def test_what_is_no_document_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InvalidDocument, match=message):
        read_yaml(written(tmp_path, text))


def test_a_file_of_aliases_that_would_grow_enormous_is_refused_at_once(tmp_path: Path) -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    with pytest.raises(InvalidDocument, match="aliases"):
        read_yaml(written(tmp_path, "\n".join(levels)))


def test_brackets_without_end_are_not_read_to_their_end() -> None:
    """Ten times as many brackets take no longer: reading stops where the nesting is too deep."""

    def seconds(brackets: int) -> float:
        began = time.process_time()  # of the processor and not of the clock: other work may run on the machine
        with pytest.raises(InvalidDocument, match="scenario: nested too deeply"):
            parse_yaml("[" * brackets, "scenario")
        return time.process_time() - began

    assert seconds(50_000) < 4 * seconds(5_000)


def test_what_is_written_reads_back_the_same_without_aliases() -> None:
    shared = {"rate": "10 %"}
    content = {"title": "Zölle: a, b", "parts": [shared, shared], "empty": [], "date": "2026-01-01"}
    text = written_yaml(content)
    assert parse_yaml(text, "scenario").content == content
    assert list(parse_yaml(text, "scenario").content) == list(content)


def test_a_document_that_is_no_file_has_lines_and_a_name() -> None:
    with pytest.raises(InvalidDocument, match="scenario, line 2: parts: found 'x'"):
        validated(Outer, parse_yaml("title: t\nparts: x\n", "scenario"))


def test_missing_files_and_wrong_encodings_are_file_problems(tmp_path: Path) -> None:
    written(tmp_path, "title: x")
    with pytest.raises(FileProblem, match=r"no file .*cases.yaml; nearest: case.yaml"):
        read_yaml(tmp_path / "cases.yaml")
    with pytest.raises(FileProblem, match="is a folder"):
        read_yaml(tmp_path)
    (tmp_path / "latin.yaml").write_bytes("title: Zölle".encode("latin-1"))
    with pytest.raises(FileProblem, match="not UTF-8"):
        read_yaml(tmp_path / "latin.yaml")
