"""Pages of the desk, made without a server."""

import re
from html import unescape

import pytest

from entrepot.app.web.desk.pages import desk
from entrepot.data import shipped

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("case", shipped.names("scenarios"))
def test_every_shipped_case_has_a_page_that_asks_for_its_range(case: str) -> None:
    page = desk(f"case={case}", lambda **_: None)
    assert page.status == 200
    pair = re.findall(r'"real_income:([^"]+)"', unescape(page.body.decode()).partition('id="range"')[2][:400])
    assert len(set(pair)) == 2


def test_a_bloc_that_leaves_a_country_out_is_named_in_words_and_looked_at_beside_it() -> None:
    page = unescape(desk("case=diversification", lambda **_: None).body.decode())
    link = re.search(r'href="([^"]+)">All countries but the United States</a>', page)
    assert link is not None
    assert "partner=USA" in link[1]
    assert desk(link[1].removeprefix("/?"), lambda **_: None).status == 200
