"""The steps of an application, drawn once for the wide and the narrow stepper: {{ steps|step_lines }}."""

from collections.abc import Sequence
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString

register = template.Library()
Step = dict[str, str]
HERE = ("current", "problem")
WORDS = {"done": "已完成", "todo": "待进行"}
USUAL = {"current": "进行中", "problem": "需处理"}


@register.filter
def step_lines(steps: Sequence[Step]) -> SafeString:
    return SafeString("\n".join(_line(number, step) for number, step in enumerate(steps, 1)))


@register.filter
def step_here(steps: Sequence[Step]) -> dict[str, Any] | None:
    """Return the step that it has come to, with its number and what is said of it; None where all is done."""
    here = ((number, step) for number, step in enumerate(steps, 1) if step["state"] in HERE)
    number, step = next(here, (0, None))
    return {**step, "number": number, "said": _said(step)} if step else None


def _line(number: int, step: Step) -> str:
    mark = ' aria-current="step"' if step["state"] in HERE else ""
    detail = f'<span class="step-detail">{escape(step["detail"])}</span>' if step.get("detail") else ""
    return f"""<li class="step-{step["state"]}"{mark}>
        <span class="stepper-mark" aria-hidden="true">{number}</span>
        <span class="step-name">{escape(step["label"])}</span>
        <span class="step-word">{escape(_said(step))}</span>
        {detail}
      </li>"""


def _said(step: Step) -> str:
    return WORDS.get(step["state"]) or step.get("word") or USUAL[step["state"]]
