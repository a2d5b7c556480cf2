"""What is wrong with a schedule: words, codes, lists, origins and authorities that mean nothing, each with its line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from entrepot.core.errors import InputError, listed, nearest
from entrepot.data.documents import Place
from entrepot.data.monthly import read_collected
from entrepot.data.tariff_lines import class_names, read_shares
from entrepot.policy.schedules.act import MFN, OTHERWISE, Act, ShareTable
from entrepot.policy.selection import ALL

if TYPE_CHECKING:
    from entrepot.policy.schedules.product_lists import ProductList
    from entrepot.policy.schedules.schedule import Schedule


def problems_of(schedule: "Schedule") -> list[str]:
    """Return every problem of a schedule with its line; those of its tables first, because the others rest on them."""
    problems = _wrong_tables(schedule)
    return problems or [*_wrong_blocs(schedule), *_wrong_lists(schedule), *_wrong_measures(schedule)]


def _wrong_tables(schedule: "Schedule") -> list[str]:
    """Return what is wrong with the tables that a schedule names."""
    wrong = []
    tables: list[tuple[Place, Callable[[], object]]] = [
        (("lines",), lambda: schedule.lines is None or schedule.trade),
        (("classes",), lambda: [class_names(path) for path in schedule.classes_paths]),
        (("concordance",), lambda: schedule.sectors),
        (("collected",), lambda: schedule.collected is None or read_collected(schedule.collected_path)),
    ]
    for name, chosen in schedule.lists.items():
        if chosen.claims is not None:
            tables.append((("lists", name, "claims"), partial(_read_shares, schedule, chosen.claims, by_origin=True)))
    for number, act in enumerate(schedule.measures):
        if isinstance(act.content, ShareTable):
            tables.append((("measures", number, "content"), partial(_read_shares, schedule, act.content.table)))
    for place, read in tables:
        try:
            read()
        except InputError as error:
            wrong.append(schedule.located(place, error))
    return wrong


def _read_shares(schedule: "Schedule", table: str, by_origin: bool = False) -> None:
    read_shares(schedule.table_path(table), by_origin)


def _wrong_blocs(schedule: "Schedule") -> list[str]:
    members = [code for codes in schedule.blocs.values() for code in codes]
    doubled = sorted({code for code in members if members.count(code) > 1})
    if not doubled:
        return []
    return [schedule.located(("blocs",), f"{listed(doubled)} in two blocs at once; keep one")]


def _wrong_lists(schedule: "Schedule") -> list[str]:
    wrong = []
    classes = sorted({name for path in schedule.classes_paths for name in class_names(path)})
    for name, versions in schedule.lists.items():
        place: Place = ("lists", name)
        if name.isdigit() or name == ALL or name in {*schedule.sectors.sectors.values(), *schedule.sectors.groups}:
            wrong.append(schedule.located(place, f"{name!r} means something already; choose another name"))
            continue
        for number, chosen in enumerate(versions.root):
            here = (*place, number) if len(versions.root) > 1 else place
            wrong += [schedule.located(here, problem) for problem in _wrong_list(name, chosen, schedule, classes)]
    return wrong


def _wrong_list(name: str, chosen: "ProductList", schedule: "Schedule", classes: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with one version of a list."""
    for one in chosen.in_class:
        if one not in classes:
            hint = nearest(one, classes) or f"; the table has {listed(classes) or 'none'}"
            yield f"class {one!r} matches nothing{hint}; correct its name"
    for word in chosen.without:
        if word in schedule.lists and any(one.without for one in schedule.lists[word].root):
            yield f"without {word!r}, which leaves out goods itself; name the lists that it is made of"
        elif problem := _wrong_product(word, schedule):
            yield problem
    if not chosen.products and chosen.file is None:
        return
    try:
        codes = schedule.listed_codes(chosen)
    except InputError as error:
        yield str(error)
        return
    unknown = [code for code in codes if _unknown_code(code, schedule)]
    if not codes or len(unknown) == len(codes):
        yield f"matches nothing: found {listed(codes) or 'no code'}; write HS codes in use"
    elif unknown:
        yield f"unknown HS code {listed(unknown)}; write 2, 4 or 6 digits in use"


def _wrong_measures(schedule: "Schedule") -> list[str]:
    wrong: list[str] = []
    seen: set[str] = set()
    for number, measure in enumerate(schedule.measures):
        place: Place = ("measures", number)
        if measure.id in seen:
            wrong.append(schedule.located((*place, "id"), f"{measure.id!r} is used twice; give each act its own"))
        seen.add(measure.id)
        for field, problem in [*_wrong_goods(measure, schedule), *_wrong_names(measure, schedule)]:
            wrong.append(schedule.located((*place, field), problem))
    return wrong


def _wrong_goods(measure: Act, schedule: "Schedule") -> list[tuple[str, str]]:
    """Return the fields of a measure that name goods which do not exist, with what is wrong."""
    found = [
        (field, _wrong_product(word, schedule))
        for field in ("products", "among", "exempt")
        for word in getattr(measure, field) or ()
    ]
    if not any(problem for _, problem in found):
        aimed = schedule.codes_of(measure.products)
        found += [
            ("exempt", f"{word!r} matches none of the products of this act; remove it or correct one of the two")
            for word in measure.exempt
            if not schedule.within_lines(word) and not aimed & schedule.codes_of([word])
        ]
    in_base = measure.in_base if isinstance(measure.in_base, Mapping) else {}
    found += [("in_base", _wrong_product(word, schedule)) for word in in_base]
    content = measure.content if isinstance(measure.content, Mapping) else {}
    found += [
        ("content", f"unknown HS code {word!r}; write 2, 4 or 6 digits in use")
        for word in content
        if word != OTHERWISE and _unknown_code(word, schedule)
    ]
    return [(field, problem) for field, problem in found if problem]


def _wrong_names(measure: Act, schedule: "Schedule") -> list[tuple[str, str]]:
    """Return the fields of a measure that name authorities or origins which do not exist, with what is wrong."""
    authorities = {one.authority for one in schedule.measures}
    found = []
    laws = tuple(one.law for one in schedule.measures if one.law)
    for field, extra in (("excludes", ()), ("gives_way_to", laws), ("tops_up", (MFN,))):
        for word in getattr(measure, field) or ():
            if word not in authorities and word not in extra:
                hint = nearest(word, [*authorities, *extra])
                found.append((field, f"no act here is by authority {word!r}{hint}; name one that is"))
    by_name = isinstance(measure.rate, Mapping)
    payers: Sequence[str] = list(measure.rate) if isinstance(measure.rate, Mapping) else measure.origin
    fields = [("rate" if by_name else "origin", payers), ("not_origin", measure.not_origin)]
    for field, words in fields:
        for word in words:
            if not (word == ALL or word in schedule.blocs or (len(word) == 3 and word.isupper() and word.isalpha())):
                hint = nearest(word, [*schedule.partners, *schedule.blocs])
                found.append((field, f"unknown origin {word!r}{hint}; write a code or a bloc"))
    return found


def _unknown_code(code: str, schedule: "Schedule") -> bool:
    return code not in schedule.prefixes


def _wrong_product(word: str, schedule: "Schedule") -> str:
    """Return what is wrong with a word for products; blank where nothing is."""
    sectors = {*schedule.sectors.sectors.values(), *schedule.sectors.groups}
    if word == ALL or word in schedule.lists or word in sectors:
        return ""
    if word.isdigit():
        return f"unknown HS code {word!r}; write 2, 4 or 6 digits in use" if _unknown_code(word, schedule) else ""
    hint = nearest(word, [*schedule.lists, *sorted(sectors)])
    return f"unknown product {word!r}{hint}; write an HS prefix, a list of this schedule, a sector or a group"
