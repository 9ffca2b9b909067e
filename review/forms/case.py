"""The case page's one form: a verdict per picture, what a return names, the on-site list, the deadline."""

import re
from datetime import datetime
from html import escape
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from candidates.forms.fields import Shared, SharedText, SharedTick
from candidates.rules.sections import SECTIONS
from materials.specimens.draw import of_category
from review.cases.case import Case, Folder
from review.cases.drafts import Draft, judged_as
from review.cases.reasons import offered
from review.cases.verdicts import Judgement, Tick
from review.forms.days import OptionalDayField, end_of, last_day
from review.models import VERDICTS, Reason

NO_PICTURE = UUID(int=0)
LONGEST = 300  # characters of a reason that the candidate reads


class SharedChoice(Shared, forms.ChoiceField):
    pass


class SmallForm(forms.Form):
    """One of the many small forms of a case, whose controls the page writes itself: `<prefix>-<name>`."""

    @property
    def held(self) -> dict[str, Any]:
        """What the controls hold, as the page draws them: what was posted, else what it began with."""
        if self.is_bound:
            return {name: self.data.get(self.add_prefix(name), "") for name in self.fields}
        return {name: self.initial.get(name) or "" for name in self.fields}


class VerdictForm(SmallForm):
    """The verdict on one picture: 合格, or 不合格 with a standard reason, words of one's own, or both."""

    verdict = SharedChoice(
        required=False, choices=list(VERDICTS.items()), error_messages={"invalid_choice": "请选择合格或不合格。"}
    )
    reason = SharedText(required=False)
    words = SharedText(
        required=False, max_length=LONGEST, error_messages={"max_length": "意见最多 %(limit_value)d 个字。"}
    )

    def __init__(self, *args, reasons: list[Reason], drawn: dict[str, SafeString], **kwargs):
        """`drawn`: what `options` has drawn for the other pictures of a case, by what is chosen: mostly the same."""
        super().__init__(*args, **kwargs)
        self.drawn = drawn
        self.offered = reasons
        self.sentences = {reason.code: reason.sentence for reason in reasons}

    @property
    def options(self) -> SafeString:
        """The reasons to choose from, each with the sentence that the candidate reads; drawn here, a case has 150."""
        chosen = self.held["reason"]
        if chosen not in self.drawn:
            choices = enumerate([("", "选择原因"), *((reason.code, reason.label) for reason in self.offered)])
            self.drawn[chosen] = SafeString("".join(self._option(number, *one, chosen) for number, one in choices))
        return self.drawn[chosen]

    def _option(self, number: int, code: str, name: str, chosen: str) -> str:
        selected = " selected" if code == chosen else ""
        sentence = self.sentences.get(code, "")
        told = f' data-sentence="{escape(sentence)}"' if sentence else ""
        named = f"{number} {name}" if code else name
        return f'<option value="{escape(code)}"{selected}{told}>{escape(named)}</option>'

    def clean_reason(self):
        reason = self.cleaned_data["reason"]
        if reason and reason not in self.sentences:
            raise ValidationError("没有这个原因，请重新选择。")
        return reason

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("verdict") == "not_ok" and not self.errors:
            length = len(self.said)
            if not length:
                self.add_error("reason", "请选择或填写这张图片不合格的原因。")
            elif length > LONGEST:
                self.add_error("words", f"原因和意见合起来最多 {LONGEST} 个字，现在有 {length} 个。")
        return cleaned

    @property
    def said(self) -> str:
        """What the candidate reads: the standard reason's sentence, then the reviewer's own words."""
        return self.sentences.get(self.cleaned_data.get("reason", ""), "") + self.cleaned_data.get("words", "")

    @property
    def judgement(self) -> Judgement | None:
        verdict = self.cleaned_data.get("verdict")
        return Judgement(verdict, self.said if verdict == "not_ok" else "") if verdict else None


class NamedForm(SmallForm):
    """A category or a section that a return names, with the reason that the candidate reads."""

    named = SharedTick(required=False)
    reason = SharedText(
        required=False, max_length=LONGEST, error_messages={"max_length": "原因最多 %(limit_value)d 个字。"}
    )


class TickForm(SmallForm):
    """One line of the on-site list: seen, or a note why not."""

    seen = SharedTick(required=False)
    note = SharedText(required=False, max_length=120, error_messages={"max_length": "说明最多 %(limit_value)d 个字。"})


class UntilForm(forms.Form):
    until = OptionalDayField(label="补正期限")


class CaseForm:
    """All parts together, as they stand or as they were posted, each with what is wrong with it.

    Names: `image-<uuid>-verdict`, `-reason`, `-words`; `category-<code>-named`, `-reason`; `section-<code>-…`;
    `onsite-<line>-seen`, `-note`; `until`; `displayed`, the ids of pictures that the page has shown legibly.
    """

    def __init__(self, case: Case, data=None, *, draft: Draft | None = None):
        """`draft`: what this reviewer has put in and not decided on yet; it covers what stands."""
        self.case, draft = case, draft or Draft()
        judged, rest = draft.judged, draft.rest
        self.shown = data.get("displayed", "") if data else " ".join(rest.get("displayed", []))
        self.displayed = displayed_in(data or {})

        reasons = offered(case.application)
        self.reasons = reasons
        drawn: dict[str, SafeString] = {}
        self.images = {
            sheet.image.id: VerdictForm(
                data,
                prefix=f"image-{sheet.image.id}",
                initial=judged.get(str(sheet.image.id)) or _standing(sheet.standing, reasons),
                reasons=reasons,
                drawn=drawn,
            )
            for sheet in case.sheets
            if sheet.image.removed_at is None
        }

        named = {kind: rest.get(kind, {}) for kind in ("categories", "sections")}
        self.categories = {
            folder.code: NamedForm(data, prefix=f"category-{folder.code}", initial=named["categories"].get(folder.code))
            for folder in case.folders
        }
        self.sections = {
            code: NamedForm(data, prefix=f"section-{code}", initial=named["sections"].get(code)) for code in SECTIONS
        }
        ticked = rest.get("ticks")
        self.ticks = {
            line.document: TickForm(
                data,
                prefix=f"onsite-{number}",
                initial=_ticked(tick) if ticked is None else ticked.get(line.document, {}),
            )
            for number, (line, tick) in enumerate(case.onsite_lines, 1)
        }

        default = last_day(case.application.session.default_return_deadline(timezone.now()))
        self.until_form = UntilForm(data, initial={"until": rest.get("until") or default})
        self.has_named = any(one.get("named") for kind in named.values() for one in kind.values())
        self.refused: dict[str, str] = {}

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self._parts().values()])

    def _parts(self) -> dict[str, forms.Form]:
        return {
            **{f"image:{key}": form for key, form in self.images.items()},
            **{f"category:{key}": form for key, form in self.categories.items()},
            **{f"section:{key}": form for key, form in self.sections.items()},
            **{f"onsite:{number}": form for number, form in enumerate(self.ticks.values(), 1)},
            "until": self.until_form,
        }

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong, by what it is about (see Refused), in the page's order."""
        bad = {key: form for key, form in self._parts().items() if form.is_bound and form.errors}
        own = {key: " ".join(str(one) for found in form.errors.values() for one in found) for key, form in bad.items()}
        return {**own, **self.refused}

    @property
    def return_refused(self) -> bool:
        """Something is wrong with the return's own part of the page."""
        return any(key.partition(":")[0] in ("category", "section", "until", "return") for key in self.problems)

    # --- what was posted ------------------------------------------------------------------------------------------

    @property
    def verdicts(self) -> dict:
        judged = {key: form.judgement for key, form in self.images.items()}
        return {key: judgement for key, judgement in judged.items() if judgement}

    @property
    def named_categories(self) -> dict[str, str]:
        return _named(self.categories)

    @property
    def named_sections(self) -> dict[str, str]:
        return _named(self.sections)

    @property
    def ticked(self) -> dict[str, Tick]:
        return {
            document: Tick(form.cleaned_data["seen"], form.cleaned_data["note"])
            for document, form in self.ticks.items()
        }

    @property
    def until(self) -> datetime | None:
        day = self.until_form.cleaned_data.get("until")
        return end_of(day) if day else None

    @property
    def returns(self) -> list[tuple[str, str]]:
        """What a return would tell the candidate: of each picture 不合格, category and section named, its sentence."""
        judged = [(self._caption(key), one.judgement) for key, one in self.images.items()]
        bad = [(caption, found.reason) for caption, found in judged if found and found.verdict == "not_ok"]
        folders = {folder.code: folder.title for folder in self.case.folders}
        named = [(folders[code], reason) for code, reason in self.named_categories.items()]
        return bad + named + [(SECTIONS[code].title, reason) for code, reason in self.named_sections.items()]

    @property
    def unjudged(self) -> list[str]:
        """The pictures on which the page gives no verdict."""
        return [self._caption(key) for key, one in self.images.items() if not one.judgement]

    def _caption(self, key: UUID) -> str:
        sheet = next(one for one in self.case.sheets if one.image.id == key)
        return f"{sheet.title} 第 {sheet.number} 张"

    # --- what the template draws ----------------------------------------------------------------------------------

    def folders(self) -> list[dict]:
        problems = self.problems
        # asked once, not for each picture
        like = {one: reverse(f"materials:{one}", args=[NO_PICTURE]) for one in ("picture", "thumbnail")}
        return [self._drawn(folder, problems, like) for folder in self.case.folders]

    def _drawn(self, folder: Folder, problems: dict[str, str], like: dict[str, str]) -> dict:
        return {
            "folder": folder,
            "specimens": of_category(folder.code),
            "form": self.categories[folder.code],
            "problem": problems.get(f"category:{folder.code}", ""),
            "sheets": [
                {
                    "sheet": sheet,
                    "form": self.images.get(sheet.image.id),
                    "problem": problems.get(f"image:{sheet.image.id}", ""),
                    **{one: address.replace(str(NO_PICTURE), str(sheet.image.id)) for one, address in like.items()},
                }
                for sheet in folder.sheets
            ],
        }

    def named_parts(self) -> list[dict]:
        """Return the sections of the form, as a return may name them."""
        problems = self.problems
        return [
            {"code": code, "title": SECTIONS[code].title, "form": form, "problem": problems.get(f"section:{code}", "")}
            for code, form in self.sections.items()
        ]

    def onsite_rows(self) -> list[dict]:
        problems = self.problems
        lines = [line for line, _ in self.case.onsite_lines]
        return [
            {"line": line, "number": number, "form": form, "problem": problems.get(f"onsite:{number}", "")}
            for number, (line, form) in enumerate(zip(lines, self.ticks.values(), strict=True), 1)
        ]


def _standing(verdict, reasons: list[Reason]) -> dict:
    return judged_as(verdict.verdict, verdict.reason, reasons) if verdict else {}


MOST_SHOWN = 400  # ids that are read: there are fewer pictures in a round


def uuids_in(text: str) -> set[UUID]:
    """Read the ids that stand in it, one space between them; what is none is left out."""
    words = text.split(" ")[:MOST_SHOWN]
    return {UUID(one) for one in words if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one)}


def displayed_in(posted) -> set[UUID] | None:
    """Return the pictures that the page says it has shown legibly; None where it says nothing of it."""
    told = posted.get("displayed", "")
    return uuids_in(told) if told else None


def _ticked(tick) -> dict:
    return {"seen": tick.seen, "note": tick.note} if tick else {}


def _named(found: dict[str, NamedForm]) -> dict[str, str]:
    return {code: form.cleaned_data["reason"] for code, form in found.items() if form.cleaned_data["named"]}
