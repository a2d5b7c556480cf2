"""entrepot: check what is said about trade, compute what trade policy does.

economy  = entrepot.load_economy()
scenario = entrepot.load_scenario("us-tariffs-on-india-2025")
result   = entrepot.solve(economy, scenario)
table    = result.countries
entrepot.write_brief(entrepot.gather(result), "brief.html")
"""

from importlib import import_module

from entrepot.core.extensions import register_extension

# The one list of public names is the stub beside this file, which type checkers read. Each name is imported when it is
# first used: `entrepot --help` must not wait for JAX. A line of the stub is `from .MODULE import NAME as NAME`.
with open(f"{__file__}i", encoding="utf-8") as _stub:
    _MODULE_OF = {words[3]: words[1] for words in map(str.split, _stub) if words[:1] == ["from"]}

__all__ = list(_MODULE_OF)

# Methods of an economy that need the solver, which stands further right (`core.extensions`).
register_extension("rebalance", "entrepot.equilibrium.rebalance:rebalance")
register_extension("rebase", "entrepot.study.goals.rebase:rebase")
register_extension("why", "entrepot.study.reasons:why")  # of a result, which needs further equilibria
# What objects show of themselves in Python, which the report makes.
for _name, _function in {
    "plots": "ResultPlots", "repr_html": "repr_html", "summary": "summary", "to_excel": "to_excel",
    "to_frame": "to_frame",
}.items():  # fmt: skip
    register_extension(_name, f"entrepot.report.notebook:{_function}")


def __getattr__(name: str) -> object:
    if name == "__version__":
        from entrepot.core.version import package_version

        return package_version()
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'entrepot' has no attribute {name!r}")
    return getattr(import_module(_MODULE_OF[name], __name__), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
