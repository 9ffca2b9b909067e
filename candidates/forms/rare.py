"""Characters that no font here has: told at once, beside the field, and kept as they were typed."""

from materials.printing.fonts import missing_characters


def warning(text: str) -> str:
    """Return what to tell of characters in `text` that no font here has; empty where all can be shown and printed."""
    missing = sorted(missing_characters(text))
    if not missing:
        return ""
    named = "、".join(f"“{character}”（U+{ord(character):04X}）" for character in missing)
    return f"{named}没有可用的字体：已按原样保存，但页面上可能显示为空框，文书暂时无法打印。请联系您的报名点。"
