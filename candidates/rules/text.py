"""Text as people paste it: characters that nobody sees come along, and are no part of what was meant."""

import re

# Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt), and interlinear annotation
_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f-\u1160\u17b4-\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# without tab and line breaks, which are white space, and NUL, which is refused
_CONTROLS = "\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
IGNORABLE = re.compile(f"[{_IGNORABLE}]")
INVISIBLE = re.compile(f"[{_CONTROLS}{_IGNORABLE}]")


def visible(text: str) -> str:
    """Return the text without what cannot be seen: zero-width and direction marks, fillers, control characters."""
    return INVISIBLE.sub("", text)
