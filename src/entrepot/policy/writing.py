"""A scenario as a YAML file with comments, for people who go on editing it."""

from entrepot.data.documents import written_yaml
from entrepot.policy.scenario import Scenario

_HEAD = """\
# A scenario for entrepot: `entrepot simulate {name}` computes it.
# Countries and sectors go by code or name; `entrepot economies icio2022` lists them.
# All fields of the file: `entrepot schema scenario`.
"""
_REFERENCE = "# The legal acts or the proposal, so that a reader can look them up.\n"
_DATE = "# The day whose rules are meant.\n"
_INSTRUMENTS = """\
# What changes. origin sells, destination buys; left out, all.
# `add` puts points on top of the rate in force, `set` replaces it; '25 %' or 0.25.
"""


def commented_yaml(scenario: Scenario, name: str) -> str:
    """Return a scenario as YAML, with a comment on every field and every instrument in words.

    Parameters
    ----------
    scenario
        Without options.
    name
        What the file is called.
    """
    content = scenario.content
    instruments = content.pop("instruments")
    parts = [_HEAD.format(name=name)]
    for key, value in content.items():
        parts.append({"reference": _REFERENCE, "date": _DATE}.get(key, "") + written_yaml({key: value}, inline=False))
    parts.append(f"{_INSTRUMENTS}instruments:\n")
    for written, instrument in zip(instruments, scenario.instruments, strict=True):
        lines = written_yaml(written, inline=False).splitlines()
        parts.append(f"  # {instrument.phrase()}\n  - " + "\n    ".join(lines) + "\n")
    return "".join(parts)
