"""A case's pictures with their verdicts, drawn here: fifteen of them by a template were a fifth of the page's CPU."""

from html import escape
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from review.cases.case import Sheet

register = template.Library()
Picture = dict[str, Any]  # of CaseForm.folders: sheet, form, problem, and the addresses of picture and thumbnail


@register.simple_tag
def tile(picture: Picture, told: str) -> SafeString:
    """Draw the picture in the overview. `told`: the fields that its category proves, drawn."""
    sheet = picture["sheet"]
    facts = f'<span class="tile-facts">{told}</span>' if told else ""
    return SafeString(
        f'<button type="button" class="overview-tile" data-of="image-{sheet.image.id}">'
        f'<img src="{escape(picture["thumbnail"])}" alt="" loading="lazy">'
        f"<span>{escape(sheet.title)} {sheet.number}/{sheet.of}</span>{facts}"
        '<span class="state" data-tile-mark>待审</span></button>'
    )


@register.simple_tag
def sheet(picture: Picture, heading: str, deciding: bool) -> SafeString:
    """Draw the picture with its verdict: to be given where one decides, else the one that stands."""
    one, image, problem = picture["sheet"], picture["sheet"].image, picture["problem"]
    named = f"{escape(heading)} · 第 {one.number} 张 / {one.of}"
    wrong, new = " sheet-wrong" if problem else "", " data-new" if one.is_new else ""
    return SafeString(
        f'<section class="sheet card{wrong}" id="image-{image.id}" data-sheet data-code="{image.category}"'
        f' data-title="{named}"{new}>\n'
        f"{_head(one, heading)}\n"
        f'<div class="stage-frame watermarked"><img src="{escape(picture["picture"])}" width="{image.width}"'
        f' height="{image.height}" alt="{_name(one)}" loading="lazy"></div>\n'
        f'<div class="card-body">{_verdict(picture, deciding)}{_opinions(one)}</div>\n</section>'
    )


def _name(one: Sheet) -> str:
    return f"{escape(one.title)} 第 {one.number} 张"


def _head(one: Sheet, heading: str) -> str:
    warned = [*(["新上传"] if one.is_new else []), *one.warnings]
    drawn = "".join(f'<span class="state state-warning">{escape(word)}</span>' for word in warned)
    drawn += '<span class="state">考生已删除</span>' if one.image.removed_at else ""
    place = f'<span class="soft">第 {one.number} 张 / {one.of}</span>'
    return f'<div class="card-header sheet-head"><h2>{escape(heading)} {place}</h2>{drawn}</div>'


def _verdict(picture: Picture, deciding: bool) -> str:
    one, form, problem = picture["sheet"], picture["form"], picture["problem"]
    if deciding and form:
        icon = '<span class="icon icon-problem" aria-hidden="true"></span>'
        return _controls(one, form) + (f'<p class="field-error">{icon}{escape(problem)}</p>' if problem else "")
    if standing := one.standing:
        state = f'<span class="state state-{standing.verdict}">{standing.get_verdict_display()}</span>'
        return f"<p>{state} {escape(standing.reason)}</p>"
    return ""


def _controls(one: Sheet, form: Any) -> str:
    held, prefix = form.held, form.prefix
    radios = "".join(
        f'\n<label class="{look}"><input type="radio" name="{prefix}-verdict" value="{verdict}"'
        f"{' checked' if held['verdict'] == verdict else ''}> {word} <kbd>{key}</kbd></label>"
        for look, verdict, word, key in (("verdict-ok", "ok", "合格", "A"), ("verdict-not", "not_ok", "不合格", "X"))
    )
    return (
        '<fieldset class="verdict" data-verdict>\n'
        f'<legend class="visually-hidden">{_name(one)}的结论</legend>{radios}\n'
        f'<select name="{prefix}-reason" data-unfolds aria-label="不合格的原因">{form.options}</select>\n'
        f'<input class="verdict-words" type="text" name="{prefix}-words" value="{escape(held["words"])}"'
        ' maxlength="300" aria-label="意见" placeholder="意见（考生会看到）">\n</fieldset>'
    )


def _opinions(one: Sheet) -> str:
    if not one.opinions:
        return ""
    return render_to_string("review/parts/opinions.html", {"opinions": one.opinions, "counts": one.standing})
