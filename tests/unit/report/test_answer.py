"""Every result has its four forms in one place."""

from importlib import import_module

import pandas as pd
import pytest

from entrepot.report.answer import HOMES, Answer, answer_for


@pytest.mark.parametrize("name", sorted(HOMES))
def test_every_class_has_a_report_of_its_own(name: str) -> None:
    home = import_module(HOMES[name])
    kind = getattr(home, name)
    assert answer_for.dispatch(kind) is not answer_for.dispatch(object)


def test_a_report_is_found_by_the_class_of_the_result() -> None:
    from entrepot.report.answers.facts import FactRows

    class OwnRows(FactRows):
        pass

    rows = pd.DataFrame({"value": [1.0]})
    answer = answer_for(OwnRows(rows))
    assert isinstance(answer, Answer)
    assert answer.document() == [{"value": 1.0}]
    assert answer.table is not None
    assert answer.table() is rows
    assert answer.page is None


def test_an_object_without_a_report_is_an_error() -> None:
    with pytest.raises(TypeError, match="no report shows a dict"):
        answer_for({})
