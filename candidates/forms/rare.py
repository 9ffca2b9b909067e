"""Characters that no font here has: told at once, beside the field, and kept as they were typed."""

from collections.abc import Mapping

from materials.printing.fonts import missing_characters


def warning(text: str) -> str:
    """Return what to tell of characters in `text` that no font here has; empty where all can be shown and printed."""
    missing = sorted(missing_characters(text))
    if not missing:
        return ""
    named = "、".join(f"“{character}”（U+{ord(character):04X}）" for character in missing)
    return f"{named}没有可用的字体：按原样保存，页面上可能显示为空框；打印出来的表格在这里留出方框，请按证件手写填入。"


def warnings(sent: Mapping[str, str]) -> dict[str, str]:
    """Return what to tell beside each field of what a form sent; fields without such characters are left out."""
    told = {name: warning(value) for name, value in sent.items() if not value.isascii()}
    return {name: sentence for name, sentence in told.items() if sentence}
