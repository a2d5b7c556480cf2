"""Facts from UN Comtrade, through its official client, which is an extra: ``pip install 'entrepot[comtrade]'``."""

import contextlib
import datetime
import importlib
import io
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from entrepot.core.errors import FileProblem, InputError, UnknownLabel, listed, nearest
from entrepot.core.extras import imports_of
from entrepot.core.provenance import Provenance
from entrepot.data.facts import FACT, FLOWS, is_fiscal, parse_period
from entrepot.data.files import write_text

SOURCE = "un_comtrade"
WORLD = "WLD"
FLOW_CODES = {"exports": "X", "imports": "M"}
PRODUCTS = {"all_goods": "TOTAL", "crude": "2709", "oil_products": "2710", "lng": "271111"}
"""Our names for codes of the Harmonized System; any other product is hs and its code."""
WITHOUT_KEY = 500  # rows that the service gives without a subscription key; an answer so long may be cut
WITH_KEY = 250_000
_KILOGRAMS_IN_MT = 1e9


def download(
    reporter: str,
    flow: str,
    products: Sequence[str],
    periods: Sequence[str],
    partners: Sequence[str] | None = None,
    key: str | None = None,
) -> pd.DataFrame:
    """Return facts from UN Comtrade: values in USD million, and in Mt where net weights are published.

    Parameters
    ----------
    reporter
        ISO 3166 alpha-3 code.
    flow
        ``exports`` or ``imports``.
    products
        ``all_goods``, ``crude``, ``oil_products``, ``lng``, or ``hs`` and a code of the Harmonized System.
    periods
        Calendar years.
    partners
        ISO codes; left out, all. WLD is the world.
    key
        A subscription key; without one the service gives 500 rows at most.

    Raises
    ------
    MissingExtra
        The client is not installed.
    FileProblem
        The service does not answer, or its answer may be cut.
    InputError
        A flow, product, period or code that the service does not know.
    """
    client = _client()
    if flow not in FLOW_CODES:
        raise InputError(f"flow is {flow!r}{nearest(flow, FLOWS)}; write one of {', '.join(FLOWS)}")
    codes = {_code(product): product for product in products}
    years = _years(periods)
    others = [code for code in partners or () if code != WORLD]
    partner_codes = ",".join(
        [*(["0"] if WORLD in (partners or ()) else []), *([_countries(client, others)] * bool(others))]
    )
    asked = {
        "typeCode": "C", "freqCode": "A", "clCode": "HS", "period": ",".join(years),
        "reporterCode": _countries(client, [reporter]), "cmdCode": ",".join(codes), "flowCode": FLOW_CODES[flow],
        "partnerCode": partner_codes or None, "partner2Code": "0", "customsCode": "C00", "motCode": "0",
        "format_output": "JSON", "breakdownMode": "classic", "includeDesc": True,
    }  # fmt: skip
    if key:
        answer = _said(lambda: client.getFinalData(key, **asked, maxRecords=WITH_KEY))
    else:
        answer = _said(lambda: client.previewFinalData(**asked, maxRecords=WITHOUT_KEY))
    if len(answer) >= (WITH_KEY if key else WITHOUT_KEY):
        raise FileProblem(
            f"UN Comtrade gave {len(answer)} rows, as many as it gives at once, so some may be missing; ask for fewer "
            "periods, partners or products" + ("" if key else ", or give a key")
        )
    return _as_facts(answer, flow, codes)


def write_facts(table: pd.DataFrame, path: Path) -> None:
    """Write downloaded facts to a CSV file that ``--facts`` reads, and where they are from to a YAML file beside it."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    source = Provenance(
        title=f"UN Comtrade, {', '.join(sorted(table['reporter'].unique()))}, {', '.join(table['product'].unique())}",
        source=f"United Nations Statistics Division, UN Comtrade database, downloaded on {today}",
        licence="UN Comtrade's terms of use: quote with attribution; redistribution of bulk data needs permission.",
        year=", ".join(sorted(table["period"].unique())),
        unit=", ".join(sorted(table["unit"].unique())),
        adjustments=(
            "Values in USD million, net weights in Mt; crude is HS 2709, oil products HS 2710, LNG HS 271111.",
        ),
        caveats=("Some net weights are estimated by the United Nations.",),
    )
    if path.suffix == ".yaml":
        raise InputError(f"{path.name}: the table goes into a CSV file, where it is from into the .yaml; write .csv")
    write_text(path, table.to_csv(index=False, lineterminator="\n"))
    write_text(
        path.with_suffix(".yaml"), yaml.safe_dump(source.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
    )


def _client() -> Any:
    with imports_of("comtrade"):
        return importlib.import_module("comtradeapicall")


def _said(call: Callable[[], Any]) -> Any:
    """Return the client's answer; what it prints in the place of an error becomes one."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            answer = call()
    except Exception as error:  # the client lets its transport's errors through, of many kinds
        raise FileProblem(
            f"UN Comtrade cannot be reached ({type(error).__name__}); check the network, or try again later"
        ) from error
    if answer is None:
        raise FileProblem(f"UN Comtrade did not answer: {_line(printed.getvalue())}; check the key, or try again later")
    return answer


def _line(text: str) -> str:
    return " ".join(text.split())[:160] or "no reason given"


def _countries(client: Any, codes: Sequence[str]) -> str:
    """Return the service's numbers for ISO codes; they are not those of ISO 3166 everywhere."""
    found = {code: str(_said(partial(client.convertCountryIso3ToCode, code))) for code in codes}
    unknown = [code for code, number in found.items() if not number]
    if unknown:
        raise UnknownLabel(f"UN Comtrade knows no country {listed(unknown)}; write ISO codes such as IND")
    return ",".join(found.values())


def _code(product: str) -> str:
    code = PRODUCTS.get(product) or product.removeprefix("hs")
    if product not in PRODUCTS and not (product.startswith("hs") and code.isdigit() and len(code) in (2, 4, 6)):
        hint = nearest(product, list(PRODUCTS))
        raise UnknownLabel(f"no product {product!r}{hint}; write {', '.join(PRODUCTS)}, or hs and 2, 4 or 6 digits")
    return code


def _years(periods: Sequence[str]) -> list[str]:
    try:
        years = [parse_period(period) for period in periods]
    except ValueError as error:
        raise InputError(f"period: {error}") from None
    fiscal = [year for year in years if is_fiscal(year)]
    if fiscal:
        raise InputError(f"period: UN Comtrade has calendar years, not {fiscal[0]}; write one as 2024")
    return years


def _as_facts(answer: pd.DataFrame, flow: str, codes: Mapping[str, str]) -> pd.DataFrame:
    rows = []
    for row in answer.to_dict("records"):
        partner = str(row["partnerISO"])
        world = partner in ("W00", WORLD)
        fact = {
            "source": SOURCE, "reporter": str(row["reporterISO"]), "flow": flow, "partner": WORLD if world else partner,
            "partner_kind": "total" if world else "economy" if len(partner) == 3 and partner.isalpha() else "region",
            "product": codes[str(row["cmdCode"])], "period": str(row["period"]),
        }  # fmt: skip
        rows.append(fact | {"value": float(row["primaryValue"]) / 1e6, "unit": "USD million"})
        weight = row.get("netWgt")
        if weight is not None and pd.notna(weight) and float(weight) > 0:
            rows.append(fact | {"value": float(weight) / _KILOGRAMS_IN_MT, "unit": "Mt"})
    if not rows:
        raise FileProblem("UN Comtrade has no such figures; ask for other years, partners or products")
    table = pd.DataFrame(rows)[FACT].sort_values([name for name in FACT if name != "value"], ignore_index=True)
    return table.drop_duplicates()
