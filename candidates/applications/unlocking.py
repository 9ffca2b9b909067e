"""What a return unlocked: written by the decision onto the application's row, read by forms and uploads."""

from dataclasses import asdict, dataclass, field

from candidates.models import Application


@dataclass
class Unlocking:
    """Ids of pictures, codes of categories and sections, each with the reason that the candidate reads."""

    images: dict[str, str] = field(default_factory=dict)  # judged 不合格: must go
    loose_images: list[str] = field(default_factory=list)  # not judged, in a named category: may go
    categories: dict[str, str] = field(default_factory=dict)  # named: a new picture must come
    sections: dict[str, str] = field(default_factory=dict)  # named: must be saved again
    fields: list[str] = field(default_factory=list)  # in sections not named, in conflict since a correction
    saved: list[str] = field(default_factory=list)  # named sections that were saved again
    changed: dict[str, str] = field(default_factory=dict)  # field -> keyed hash of its value when returned

    @classmethod
    def of(cls, application: Application) -> "Unlocking":
        return cls(**application.unlocked)

    def write(self, application: Application) -> None:
        application.unlocked = asdict(self)

    @property
    def unsaved_sections(self) -> list[str]:
        return [code for code in self.sections if code not in self.saved]
