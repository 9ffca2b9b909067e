"""A region's or a site's own lines: papers beside the catalogue, uploaded into `other`, brought on site, or both."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from candidates.rules.profile import Profile
from materials.rules import conditions

UPLOADS = {"required": "必须上传", "optional": "可以上传"}
LONGEST_TITLE = 50  # characters: with its unit's name it must fit where the on-site list is ticked off


@dataclass(frozen=True)
class OwnLine:
    """One paper that a unit asks for.

    `upload` is one of UPLOADS, or empty where no picture is asked for; with neither `original` nor `copies` nothing is
    brought. `conditions` are codes of conditions.py; of a line that is applying() they are tested and gone: `why` says
    them.
    """

    title: str
    by: str  # the unit's name
    upload: str = ""
    original: bool = False
    copies: int = 0
    remark: str = ""
    conditions: tuple[str, ...] = ()
    why: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The paper, and who asks for it: no two lines of a list have the same."""
        return f"{self.title}（{self.by}要求）"

    @property
    def is_brought(self) -> bool:
        return self.original or self.copies > 0

    @property
    def upload_remark(self) -> str:
        """What stands beside it where it is uploaded: why, whether it may be left out, and the unit's own words."""
        may = "有的请上传" if self.upload == "optional" else ""
        return "；".join(part for part in (*self.why, may, self.remark) if part)


def applying(profile: Profile, lines: Iterable[OwnLine]) -> tuple[OwnLine, ...]:
    """Return the lines that this profile is asked for, each paper of a unit once, with their reasons."""
    found: dict[str, OwnLine] = {}
    for line in lines:
        if conditions.all_hold(line.conditions, profile):
            reasons = line.why or conditions.why(line.conditions)
            found.setdefault(line.name, replace(line, conditions=(), why=reasons))
    return tuple(found.values())
