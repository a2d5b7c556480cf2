"""Briefs on paper, printed by the Chromium of the machine: few pages, none of them half empty but the last."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from web.browser import FLAGS, chromium

import entrepot
from entrepot.brief.single import BriefData

pytestmark = pytest.mark.slow

DOTS = 30  # an inch
MOST_PAGES = 12


def pages(html: Path) -> list[float]:
    """Return how far down each page is printed, as a share of its height."""
    browser, printed = chromium(), html.with_suffix(".pdf")
    if shutil.which("pdftoppm") is None:
        pytest.skip("no pdftoppm on this machine; Debian's package `poppler-utils` has it")
    subprocess.run(
        [browser, *FLAGS, "--no-pdf-header-footer", f"--print-to-pdf={printed}", html.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    subprocess.run(["pdftoppm", "-gray", "-r", str(DOTS), str(printed), str(html.with_suffix(""))], check=True)
    return [_filled(path) for path in sorted(html.parent.glob(f"{html.stem}-*.pgm"))]


def _filled(path: Path) -> float:
    _, size, _, dots = path.read_bytes().split(b"\n", 3)
    width, height = map(int, size.split())
    page = np.frombuffer(dots, np.uint8).reshape(height, width)
    return float((np.flatnonzero((page < 250).any(axis=1))[-1] + 1) / height)


def test_a_brief_of_one_scenario_prints_on_few_pages_none_half_empty(gathered: BriefData, tmp_path: Path) -> None:
    entrepot.write_brief(gathered, tmp_path / "brief.html")
    filled = pages(tmp_path / "brief.html")
    assert 4 <= len(filled) <= MOST_PAGES
    assert min(filled[:-1]) > 0.6, filled
