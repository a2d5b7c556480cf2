"""Names and synonyms instead of codes: what they mean, what is refused, what a reader is told."""

import pytest

from entrepot.core.errors import UnknownLabel
from entrepot.data.headings import heading
from entrepot.data.words import names
from entrepot.economy.economy import Economy
from entrepot.policy.selection import LabelResolver, label_resolver
from entrepot.study.goals.unknowns import parse_unknown


@pytest.fixture(scope="module")
def words(world: Economy) -> LabelResolver:
    return label_resolver(world, {"asia": ["China", "Japanese"], "hard": ["steel", "HS 8703"]})


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("CHN", "CHN"), ("chn", "CHN"), ("China", "CHN"), ("chinese", "CHN"), ("China's", "CHN"),
        ("the United States", "USA"), ("US", "USA"), ("U.S.", "USA"), ("UK", "GBR"), ("Korea", "KOR"),
        ("Turkey", "TUR"), ("Türkiye", "TUR"), ("Cote d'Ivoire", "CIV"), ("Viet Nam", "VNM"),
        ("rest of the world", "ROW"), ("Russian Federation", "RUS"), ("Russia", "RUS"),
    ],
)  # fmt: skip
def test_a_country_goes_by_its_names(words: LabelResolver, word: str, code: str) -> None:
    assert words.countries.resolve([word]) == [code]
    assert words.countries.code(word) == code


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("cars", "C29"), ("Motor vehicles", "C29"), ("c29", "C29"), ("chips", "C26"), ("steel", "C24A"),
        ("clothes", "C13T15"), ("crude oil", "B06"), ("HS 8703", "C29"), ("hs87.03", "C29"), ("medicines", "C21"),
    ],
)  # fmt: skip
def test_a_sector_goes_by_what_people_call_its_goods(words: LabelResolver, word: str, code: str) -> None:
    assert words.sectors.resolve([word]) == [code]


def test_groups_go_by_their_names_too(world: Economy, words: LabelResolver) -> None:
    union = [code for code in world.countries if code in world.country_groups["EU27"]]
    assert words.countries.resolve(["EU"]) == words.countries.resolve(["European Union"]) == union
    assert words.countries.resolve(["asia"]) == ["CHN", "JPN"]
    assert words.sectors.resolve(["hard"]) == ["C24A", "C29"]
    assert set(words.countries.resolve(["-the EU", "-China"])) == set(world.countries) - {*union, "CHN"}


def test_a_code_wins_over_a_name(world: Economy) -> None:
    # an economy whose group is called like a synonym of something else
    own = label_resolver(world, {"cars": ["C28"]})
    assert own.sectors.resolve(["cars"]) == ["C28"]
    assert own.sectors.reading("cars") == ""


def test_what_may_mean_two_things_is_refused_with_both(words: LabelResolver) -> None:
    with pytest.raises(UnknownLabel, match=r"'petroleum' may mean B06 .* or C19 .*; write one of them"):
        words.sectors.resolve(["petroleum"])


@pytest.mark.parametrize(
    ("word", "hint"),
    [("Chinna", "nearest: CHN"), ("Iran", "IRN. is not in this economy, it is part of ROW"), ("Atlantis", "unknown")],
)
def test_an_unknown_country_is_refused_with_a_hint(words: LabelResolver, word: str, hint: str) -> None:
    with pytest.raises(UnknownLabel, match=hint):
        words.countries.resolve([word])


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("carz", "nearest: C29"), ("8703", "write HS 8703"), ("HS 9999", "no product has the HS code 9999"),
        ("HS 6109", "too small a part to stand for it; write C13T15"), ("HS 84", "is spread over C28, C26"),
    ],
)  # fmt: skip
def test_a_sector_that_cannot_be_meant_is_refused_with_a_hint(words: LabelResolver, word: str, hint: str) -> None:
    with pytest.raises(UnknownLabel, match=hint):
        words.sectors.resolve([word])


def test_a_group_is_no_single_code(words: LabelResolver) -> None:
    with pytest.raises(UnknownLabel, match="is a group; name one country"):
        words.countries.code("EU")


def test_a_reader_is_told_what_else_a_sector_holds(words: LabelResolver) -> None:
    assert words.sectors.reading("cars") == "cars is read as C29: cars, trucks, buses and their parts together."
    assert (
        words.sectors.reading("C29") == words.sectors.reading("Motor vehicles") == words.countries.reading("UK") == ""
    )
    share = heading("8703").of_sector["C29"]
    assert f"is {100 * share:.0f} % of that in US imports in 2024" in words.sectors.reading("HS 8703")


def test_shares_of_headings_add_up() -> None:
    vehicles = [heading(code).of_sector.get("C29", 0.0) for code in ("8701", "8702", "8703", "8704", "8708")]
    assert sum(vehicles) < heading("87").of_sector["C29"] + 1e-12 < 1 + 1e-9
    assert sum(heading("85").of_code.values()) == pytest.approx(1, abs=1e-12)


def test_every_synonym_of_the_tables_means_something_or_is_ambiguous(words: LabelResolver, world: Economy) -> None:
    for labels, subject in ((words.countries, "country"), (words.sectors, "sector")):
        for name in names(subject).values():
            if name.code not in labels.codes:
                continue
            for word in (name.name, *name.synonyms):
                try:
                    assert name.code in labels.resolve([word])
                except UnknownLabel as error:
                    assert "may mean" in str(error)  # noqa: PT017
    assert len(world.countries) == 81


def test_goal_seek_reads_the_same_words(world: Economy) -> None:
    by_name = parse_unknown("iceberg:India:Russia:textiles,cars", world)
    by_code = parse_unknown("iceberg:IND:RUS:C13T15,C29", world)
    assert (by_name.at == by_code.at).all()
