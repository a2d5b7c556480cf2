"""Texts of files on a page."""

import pytest

from entrepot.report.kit.html import code


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a `cut` b", "a <code>cut</code> b"),
        ("`<b>` & `c`", "<code>&lt;b&gt;</code> &amp; <code>c</code>"),
        ("one ` alone <i>", "one ` alone &lt;i&gt;"),
    ],
)
def test_what_stands_between_backticks_is_code_and_everything_is_escaped(text: str, html: str) -> None:
    assert code(text) == html
