"""A page as PDF, printed by the Chromium of the machine, or by WeasyPrint where that is installed."""

import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

from entrepot.core.errors import FileProblem, MissingExtra

BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)  # fmt: skip
LONGEST = 120  # seconds; a page of twelve sheets takes two
FLAGS = ("--headless", "--disable-gpu", "--disable-extensions", "--no-first-run", "--no-pdf-header-footer")


def require_printer(
    instead: str = "none is found; install one of them, or write .html and print it from a browser",
) -> None:
    """Raise MissingExtra if nothing on this machine prints pages to PDF.

    Parameters
    ----------
    instead
        What is missing and what to do, the end of the message.

    Raises
    ------
    MissingExtra
        Says what to install.
    """
    if _browser() is None and find_spec("weasyprint") is None:
        raise MissingExtra(f"a PDF takes Chromium, Chrome or Edge, or the package weasyprint, and {instead}")


def pdf_of(html: str) -> bytes:
    """Return a self-contained page as PDF.

    Raises
    ------
    MissingExtra
        Nothing prints.
    FileProblem
        The browser failed.
    """
    require_printer()
    browser = _browser()
    if browser is None:
        import weasyprint

        printed: bytes = weasyprint.HTML(string=html).write_pdf()
        return printed
    with tempfile.TemporaryDirectory(prefix="entrepot-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        page, target = folder / "page.html", folder / "page.pdf"
        page.write_text(html, encoding="utf-8")
        sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # it has none for root
        own = [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={target}"]
        try:
            done = subprocess.run(
                [browser, *FLAGS, *sandbox, *own, page.as_uri()], capture_output=True, timeout=LONGEST, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise FileProblem(f"{Path(browser).name} did not print the page ({error}); write .html instead") from error
        if not target.exists():
            why = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
            raise FileProblem(f"{Path(browser).name} did not print the page ({why[0][:120]}); write .html instead")
        return target.read_bytes()


def _browser() -> str | None:
    """Return the first browser that is installed."""
    return next((found for one in BROWSERS if (found := shutil.which(one))), None)
