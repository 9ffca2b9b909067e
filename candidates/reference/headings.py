"""The first row of a table: which of its headings, English or Chinese, is which column."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from candidates.reference.outcomes import BadFile
from candidates.rules.text import clean

NEAR = 0.6  # how alike a misspelt heading and a known one are, of 1


def columns_of(header: Sequence[str], needed: Iterable[str], known: Iterable[str] | None, at: int) -> list[str]:
    """Return the names of the columns in this header (row `at`), "" for one without a heading. Raises BadFile.

    `known`: every column that may be there, where it is a mapping with its Chinese headings (several with |); None
    where any may.
    """
    needed = tuple(needed)
    labels = dict.fromkeys([*needed, *(known or ())], "") | (dict(known) if isinstance(known, Mapping) else {})
    spellings = _spellings(labels)
    names = [_name(heading, spellings) for heading in header]

    missing = [name for name in needed if name not in names]
    strange = [name for name in names if name and name not in labels]
    twice = [name for name in labels if names.count(name) > 1]
    if missing:
        told = _strange(strange if known is not None else _near(strange, missing, spellings), spellings)
        also = f"；有无法识别的列 {told}" if told else ""
        raise BadFile([f"第 {at} 行：表头缺少列 {_both(missing, labels)}{also}。"])
    if strange and known is not None:
        wrong, may_be = _strange(strange, spellings), _both(labels, labels)
        raise BadFile([f"第 {at} 行：表头有无法识别的列 {wrong}：请改正列名或删去该列。可以有 {may_be}。"])
    if twice:
        raise BadFile([f"第 {at} 行：表头的列 {_both(twice, labels)} 不止一次：请只留一列。"])
    return names


def _spellings(known: Mapping[str, str]) -> dict[str, str]:
    """Return every spelling of a heading that is taken, with the column that it names."""
    spelt = {_folded(label): name for name, labels in known.items() for label in labels.split("|") if label}
    return spelt | {name: name for name in known}


def _name(heading: str, spellings: Mapping[str, str]) -> str:
    """Return the column of this heading; 代码（code） is both; what is not known stays as it is written."""
    shown = clean(heading, "identifier")
    folded = _folded(shown)
    outer, _, inner = folded.removesuffix(")").partition("(")
    found = (spellings[one] for one in (folded, outer, inner) if one and one in spellings)
    return next(found, shown)


def _folded(heading: str) -> str:
    return clean(heading, "identifier").lower()


def _strange(names: Iterable[str], spellings: Mapping[str, str]) -> str:
    return "、".join(f"{name}{_nearest(name, spellings)}" for name in names)


def _nearest(name: str, spellings: Mapping[str, str]) -> str:
    near = get_close_matches(_folded(name), spellings, n=1, cutoff=NEAR)
    return f"（是不是 {near[0]}？）" if near else ""


def _near(strange: Iterable[str], missing: Iterable[str], spellings: Mapping[str, str]) -> list[str]:
    """Return what may have been meant for a missing column, where any other may be there too."""
    meant = [spelling for spelling, name in spellings.items() if name in missing]
    return [name for name in strange if get_close_matches(_folded(name), meant, n=1, cutoff=NEAR)]


def _both(names: Iterable[str], labels: Mapping[str, str]) -> str:
    """Return the columns with both of their headings."""
    shown = {name: labels[name].partition("|")[0] for name in names}
    return "、".join(f"{name}（{label}）" if label else name for name, label in shown.items())
