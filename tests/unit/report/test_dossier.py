"""Files of briefs: what they must say, and where a wrong one is wrong."""

from pathlib import Path

import pytest

import entrepot
from entrepot.brief.commands import commands
from entrepot.brief.spec import brief_schema
from entrepot.core.errors import InvalidDocument
from entrepot.data import shipped

GOOD = """title: T
question: Q
reference: R
date: 2025-08-21
summary: S
country: IND
statements:
  - {name: india-russia-2025, charts: [trade-imbalanced]}
scenarios:
  - name: india-russia-balance
    parameters: {cut: -20 %}
  - name: oil-penalty-trade-off
    option: stop
goals:
  - title: G
    target: balance:IND:RUS=-30bn
    using: iceberg:IND:RUS
    between: -30%..0%
best:
  - {title: B, government: IND, partners: USA}
uncertainty:
  - {scenario: us-tariffs-on-india-2025, of: "real_income:IND"}
"""


def load(folder: Path, text: str) -> entrepot.Brief:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return entrepot.load_brief(path)


def test_one_word_needs_no_list_and_bounds_are_read_as_people_write_them(tmp_path: Path) -> None:
    brief = load(tmp_path, GOOD)
    assert brief.name == "mine"
    assert brief.goals[0].target == ("balance:IND:RUS=-30bn",)
    assert brief.goals[0].between == (-0.3, 0.0)
    assert brief.best[0].partners == ("USA",)
    assert brief.uncertainty[0].vary == ("theta",)
    assert brief.adapted(brief.scenarios[0]).parameters["cut"].rate == -0.2
    assert brief.adapted(brief.scenarios[1]).options == {}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("question: Q\n", "", "question: missing; add it"),
        ("country: IND", "country: ' '", "line 6: country: found ' '"),
        ("best:", "bests:", "line 19: bests: unknown field; nearest: best"),
        ("name: india-russia-2025,", "name: india-rusia,", "line 8: statements[0].name: no 'india-rusia' among the"),
        ("[trade-imbalanced]", "[trade-imbalance]", "statements[0].charts[0]: no statement 'trade-imbalance'; nearest"),
        ("india-russia-balance", "india-balance", "line 10: scenarios[0].name: no 'india-balance' among the shipped"),
        ("cut: -20 %", "cat: -20 %", "scenarios[0]: india-russia-balance: no parameter 'cat'; nearest: cut"),
        ("cut: -20 %", "cut: -20", "scenarios[0].parameters.cut: found -20, which is -2000 %"),
        ("option: stop", "option: halt", "line 12: scenarios[1]: oil-penalty-trade-off: no option 'halt'"),
        ("    option: stop", "    economy: icio", "scenarios[1].economy: no economy 'icio'; nearest: icio2022"),
        ("    option: stop", "    dates: [2025]", "scenarios[1].dates[0]: found '2025'; write a date as 2025-08-27"),
        ("    option: stop", "    chart: pie", "scenarios[1].chart: found 'pie'"),
        ("    option: stop", "    beside: nowhere", "scenarios[1].beside: no 'nowhere' among the shipped scenarios"),
        ("iceberg:IND:RUS", "[iceberg:IND:RUS, tariff:IND:RUS]", "goals[0]: 1 targets and 2 unknowns"),
        ("-30%..0%", "-30%", "line 18: goals[0].between: found '-30%'; write two bounds with two dots between"),
        ("-30%..0%", "low..0%", "goals[0].between: found 'low..0%': 'low' is no number"),
        ("partners: USA", "partners: []", "best[0].partners"),
        ("partners: USA", "given: none", "best[0].given: no 'none' among the shipped scenarios"),
        ("of: \"real_income:IND\"", "of: \"real_income:IND\", draws: 1", "uncertainty[0].draws: found 1"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(InvalidDocument) as told:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert message in str(told.value)
    assert "mine.yaml" in str(told.value)


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    wrong = GOOD.replace("trade-imbalanced", "x").replace("option: stop", "option: y")
    with pytest.raises(InvalidDocument) as told:
        load(tmp_path, wrong)
    assert len(str(told.value).splitlines()) == 2


def test_a_brief_that_joins_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidDocument, match="joins nothing; name `statements`"):
        load(tmp_path, GOOD.split("statements:", maxsplit=1)[0])


def test_files_are_found_beside_the_brief_and_are_all_its_inputs(tmp_path: Path) -> None:
    own = shipped.path_of("scenarios", "india-russia-balance").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    brief = load(tmp_path, GOOD.replace("name: india-russia-balance", "name: own.yaml"))
    assert brief.adapted(brief.scenarios[0]).name == "own"
    assert brief.inputs() == [tmp_path / "mine.yaml", tmp_path / "own.yaml"]


def test_the_commands_give_each_part_alone(tmp_path: Path) -> None:
    found = commands(load(tmp_path, GOOD), draws=50)
    assert found == [
        "entrepot brief mine.yaml --draws 50",
        "entrepot check india-russia-2025",
        "entrepot simulate india-russia-balance --set 'cut=-20 %'",
        "entrepot why india-russia-balance --set 'cut=-20 %' --of real_income:IND",
        "entrepot ensemble india-russia-balance --set 'cut=-20 %' --of real_income:IND",
        "entrepot simulate oil-penalty-trade-off --option stop",
        "entrepot why oil-penalty-trade-off --option stop --of real_income:IND",
        "entrepot ensemble oil-penalty-trade-off --option stop --of real_income:IND",
        "entrepot seek --target balance:IND:RUS=-30bn --using iceberg:IND:RUS --between -0.3..0",
        "entrepot optimal IND --by sector --partner USA",
        "entrepot uncertainty us-tariffs-on-india-2025 --vary theta --of real_income:IND --draws 50 --seed 1",
    ]


def test_the_schema_accepts_the_shipped_briefs_and_the_page_s_example_and_refuses_a_typo(tmp_path: Path) -> None:
    import json

    import jsonschema
    import yaml

    page = (Path(__file__).parents[3] / "docs" / "briefs.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    load(tmp_path, example)
    validator = jsonschema.Draft202012Validator(brief_schema())
    texts = [shipped.path_of("briefs", name).read_text(encoding="utf-8") for name in shipped.names("briefs")]
    for text in (*texts, example, GOOD):
        document = json.loads(json.dumps(yaml.safe_load(text), default=str))
        validator.validate(document)
        with pytest.raises(jsonschema.ValidationError):
            validator.validate({**document, "titel": "typo"})
