"""An institution looked up while 工作与试用 is filled in, where operators have loaded a list of them.

A script offers what begins with what is typed. Without one a button posts the section, which is drawn again as typed
with what was found, each of it a button that fills in its institution's fields; nothing is saved.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import QueryDict

from candidates.models import MedicalInstitution
from candidates.reference import institutions
from candidates.rules.institutions import CHOSEN, LEAST_TYPED, MOST_FOUND, folded, is_enough

FIND, CHOOSE = "find_institution", "choose_institution"  # the buttons' names
HINT = "输入名称开头的 2 个字，或登记号开头的 4 位，可以从名单中选择；名单中没有的直接填写。"
TOO_SHORT = "没有查找：请先填写名称开头的 2 个字，或登记号开头的 4 位。"
NONE = "名单中没有以此开头的机构：请核对后再查找，或直接填写。"
MORE = f"只列出前 {MOST_FOUND} 个：没有您的机构时，请多填几个字再查找，或直接填写。"
TOO_OFTEN = "查找太频繁：请一分钟后再试，或直接填写。"
_OF = re.compile(r"(?:employer_|trial_|further_institutions-\d{1,2}-)")


@dataclass(frozen=True)
class Finder:
    """What stands below an institution's name: `of` is what its fields' names begin with."""

    of: str
    found: Sequence[MedicalInstitution] = ()
    told: str = ""


def answer(sent: QueryDict, *, is_too_often: bool) -> Finder:
    """Look up what was typed of the institution whose 查找 was pressed: by its number, else by its name."""
    of = sent.get(FIND, "")
    if not _OF.fullmatch(of):
        return Finder("")
    if is_too_often:
        return Finder(of, told=TOO_OFTEN)

    typed = {cell: sent.get(f"{of}{cell}", "") for cell in ("registration_number", "name")}
    enough = [cell for cell in typed if is_enough(cell, folded(cell, typed[cell]))]
    found = next((rows for cell in enough if (rows := institutions.find(cell, typed[cell]))), [])
    if not enough:
        return Finder(of, told=TOO_SHORT)
    return Finder(of, found, MORE if len(found) == MOST_FOUND else "" if found else NONE)


def typed_and_chosen(sent: QueryDict) -> QueryDict:
    """Return what was typed, with what the list holds of the institution chosen; the buttons left out."""
    typed = sent.copy()
    of, _, key = sent.get(CHOOSE, "").partition(":")
    for button in (FIND, CHOOSE):
        typed.pop(button, None)

    one = institutions.by_key(key) if _OF.fullmatch(of) else None
    if one:
        for cell, value in values_of(one).items():
            if value:  # what the list does not know stays as it was typed
                typed[f"{of}{cell}"] = value
    return typed


def values_of(one: MedicalInstitution) -> dict[str, str]:
    return {cell: getattr(one, cell) for cell in CHOSEN}


def offer(form: Form, of: str, finder: Finder | None, *, begins: str = "") -> None:
    """Let an institution be looked up by its fields, whose names in the form begin with `begins`."""
    for cell, least in LEAST_TYPED.items():
        field = form.fields[f"{begins}{cell}"]
        if field.disabled:
            return
        field.widget.attrs |= {"data-find": of, "data-find-by": cell, "data-find-least": least}
    name: Any = form.fields[f"{begins}name"]
    name.finder = finder if finder and finder.of == of else Finder(of)
    drawn = form[f"{begins}name"]  # made before, where the form is one that was posted
    drawn.help_text = drawn.help_text or HINT
