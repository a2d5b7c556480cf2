import numpy as np
import pytest

import entrepot
from entrepot.economy import papers


def test_each_paper_counts_once_and_own_or_uniform_numbers_do_not() -> None:
    assert papers.papers() == (
        "bagwell_staiger_yurukoglu_2021", "caliendo_parro_2015", "fontagne_guimbard_orefice_2022_gtap",
        "giri_yi_yilmazkuday_2021", "lashkaripour_lugovskyy_2023", "shapiro_2016",
    )  # fmt: skip


def test_artefacts_placeholders_and_filled_gaps_are_no_estimates() -> None:
    table = papers.estimates()
    assert table.loc["SERVICES"].isna().all()  # every table has a number there, no paper an estimate
    assert np.isnan(table.loc["C19", "caliendo_parro_2015"])  # 64.85
    assert np.isnan(table.loc["C26", "giri_yi_yilmazkuday_2021"])  # 4 where the paper has no sector
    assert np.isnan(table.loc["B05", "fontagne_guimbard_orefice_2022_gtap"])
    assert table.loc["C13T15", "shapiro_2016"] == pytest.approx(14.26, abs=0.005)


def test_the_spread_of_a_sector_can_be_worked_out_by_hand() -> None:
    textiles = [4.764, 8.10, 5.29, 4.43, 3.36, 14.26]  # the six papers, rounded as in their tables
    assert papers.dispersion()["C13T15"] == pytest.approx(np.std(np.log(textiles), ddof=1), abs=2e-3)
    assert np.isnan(papers.dispersion()["SERVICES"])


def test_a_placeholder_of_four_in_the_tables_is_marked_as_none() -> None:
    for name in ("giri_yi_yilmazkuday_2021",):
        table = entrepot.load_elasticities(name)
        own = papers.estimated(table)
        assert own[table.theta == 4.0].isna().all()
