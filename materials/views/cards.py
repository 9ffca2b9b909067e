"""What the page shows of a Desk: a card for each category, and the bar with what is still missing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import groupby
from typing import Any

from django.urls import reverse

from candidates.applications.form import editable_fields
from candidates.applications.states import OPEN_FOR_PICTURES, Status
from candidates.rules.profile import Profile
from candidates.rules.refusals import NotAllowed
from candidates.rules.sections import SECTION_OF, SECTIONS, label
from materials import needs
from materials.desk import Desk
from materials.models import MaterialImage
from materials.pictures.words import warning_sentences
from materials.rules.catalogue import BY_CODE, OTHER, Test, always
from materials.rules.need import Need
from materials.specimens.draw import Specimen, of_category
from materials.submitting import closed, has_new_picture, hints, obstacles

FORM = "报名表"
upload_address = cache(reverse)  # one for each category, on every page of materials

# specimens that are not shown to everybody: variant -> for whom
SPECIMENS_FOR: dict[str, Test] = {
    "front": lambda p: p.residency != "foreign",
    "back": lambda p: p.residency == "mainland",
    "permit-back": lambda p: p.residency in ("hongkong", "macao", "taiwan"),
    "passport": lambda p: p.residency == "foreign",
    "graduation": lambda p: p.route == "degree" or p.education is not None,
    "apprentice": lambda p: p.route == "apprentice",
    "expertise": lambda p: p.route == "expertise",
    "overseas": lambda p: p.overseas_education,
    "filing": lambda p: not p.graduating_postgraduate,
    "enrolment": lambda p: p.graduating_postgraduate,
    "postgraduate": lambda p: p.graduating_postgraduate,
    "supervisor": lambda p: p.graduating_postgraduate,
    "internship": lambda p: p.residency in ("hongkong", "macao", "taiwan"),
    "internship-foreign": lambda p: p.residency == "foreign",
}


def card_tag(category: str) -> str:
    """Return the tag of a message that is shown in this category's card."""
    return f"card:{category}"


@dataclass(frozen=True)
class Links:
    """The addresses of one picture."""

    picture: str
    thumbnail: str
    delete: str
    move: str


LinksOf = Callable[[MaterialImage], Links]


@dataclass(frozen=True)
class Tile:
    """One picture in its card."""

    image: MaterialImage
    links: Links
    name: str  # what a screen reader says
    removable: bool
    earlier: bool  # another picture stands before it that may change places with it
    later: bool
    refused: str  # why it was judged 不合格; empty where it was not
    passed: bool
    warnings: list[str]


@dataclass(frozen=True)
class Card:
    """One category. `state` and `word` are what parts/state.html shows."""

    code: str
    number: int
    title: str
    state: str
    word: str
    line: Need | None  # None: not needed any more, but pictures are left
    tiles: list[Tile]
    can_add: bool
    refused: str  # why the category was named by a return
    lacks: bool  # a new picture, since then
    gone: list[str]  # why pictures were judged 不合格 that have been removed since
    unlocked: bool  # a return opened it
    due: str
    received: bool
    fewer: str = ""  # fewer pictures than documents: asked about before submitting
    profile: Profile | None = None
    messages: list[Any] = field(default_factory=list)

    @property
    def due_word(self) -> str:
        """What is said of a debt beside what is missing or there already."""
        return "另有待补" if self.line and self.line.is_required else "待补"

    @property
    def has_reasons(self) -> bool:
        """Whether anything here was refused: the category, a picture that is there, or one that is gone."""
        return bool(self.refused or self.gone or any(tile.refused for tile in self.tiles))

    @property
    def address(self) -> str:
        """Where pictures of it are sent."""
        return upload_address("materials:upload", args=(self.code,))

    @cached_property
    def documents(self) -> list[tuple[str, str]]:
        """What the pictures must show, and what must be legible; both sides of a card are one line."""
        if self.line is None:
            return []
        pairs = zip(self.line.documents, self.line.remarks, strict=True)
        return [
            ("、".join(name for name, _ in same), remark) for remark, same in groupby(pairs, key=lambda pair: pair[1])
        ]

    @property
    def papers(self) -> list[tuple[str, str]]:
        """What a region or a site asks for by name, which the title of `other` does not tell."""
        general = {one.name for one in BY_CODE[self.code].documents}
        return [pair for pair in self.documents if self.code == OTHER and pair[0] not in general]

    @property
    def specimens(self) -> list[Specimen]:
        """The drawn pictures of what this candidate is asked for."""
        if self.profile is None:
            return []
        return [one for one in of_category(self.code) if SPECIMENS_FOR.get(one.variant, always)(self.profile)]


def cards(desk: Desk, messages: list[Any], links: LinksOf) -> list[Card]:
    """Return the shown categories in the catalogue's order, then those of which only pictures are left."""
    passed = _passed(desk)
    unlocked = desk.unlocked_categories() if desk.application.status == Status.RETURNED else set()
    fewer = hints(desk)
    shown = [
        _card(desk, line, number, passed, unlocked, fewer, links) for number, line in enumerate(desk.lines, start=1)
    ]

    left = [code for code in BY_CODE if code not in desk.shown and desk.images_in(code)]
    hidden = [_left_over(desk, code, len(shown) + number, links) for number, code in enumerate(left, start=1)]

    for card in [*shown, *hidden]:
        card.messages.extend(one for one in messages if card_tag(card.code) in one.tags.split())
    return [*shown, *hidden]


def _passed(desk: Desk) -> set[Any]:
    """Return the pictures judged 合格 in a round that came back; while a unit reads, its verdicts are its own."""
    if desk.application.status != Status.RETURNED:
        return set()
    return set(desk.application.passed_images)


def _card(
    desk: Desk, line: Need, number: int, passed: set[Any], unlocked: set[str], fewer: dict[str, str], links
) -> Card:
    code = line.category.code
    tiles = _tiles(desk, code, line.title, passed, links)
    refused = desk.unlocking.categories.get(code, "")
    lacks = bool(refused) and not has_new_picture(desk, code)
    must_change = lacks or any(tile.refused for tile in tiles)
    is_mended = bool(refused) and not must_change

    state, word = _state(line, sum(not tile.image.is_owed for tile in tiles), must_change, is_mended)
    received = code in desk.application.owed_received
    is_due = bool(line.due) and code in needs.still_owed(desk.application)

    return Card(
        code=code,
        number=number,
        title=line.title,
        state=state,
        word=word,
        line=line,
        tiles=tiles,
        can_add=desk.refusal_to_add(code) is None,
        refused=refused,
        lacks=lacks,
        gone=list(dict.fromkeys(desk.corrected.get(code, []))),
        unlocked=code in unlocked,
        due=line.due if is_due else "",
        received=received,
        fewer=fewer.get(code, ""),
        profile=desk.application.profile,
    )


def _left_over(desk: Desk, code: str, number: int, links: LinksOf) -> Card:
    title = BY_CODE[code].title.format(year=desk.application.session.year)
    return Card(
        code=code,
        number=number,
        title=title,
        state="closed",
        word="不再需要",
        line=None,
        tiles=_tiles(desk, code, title, set(), links),
        can_add=False,
        refused="",
        lacks=False,
        gone=[],
        unlocked=False,
        due="",
        received=False,
    )


def _tiles(desk: Desk, code: str, title: str, passed: set[Any], links: LinksOf) -> list[Tile]:
    movable = desk.movable_in(code)
    return [
        Tile(
            image=image,
            links=links(image),
            name=f"“{title}”第 {number} 张",
            removable=image in movable,
            earlier=image in movable[1:],
            later=image in movable[:-1],
            refused=desk.unlocking.images.get(str(image.id), ""),
            passed=image.id in passed,
            warnings=warning_sentences(image.warnings) if image in movable else [],  # they ask to act
        )
        for number, image in enumerate(desk.images_in(code), start=1)
    ]


def _state(line: Need, count: int, must_change: bool, is_mended: bool) -> tuple[str, str]:
    must = "必须" if line.is_required else "选填"
    if must_change:
        return "problem", f"{must} · 待补正"
    if is_mended:
        return "done", f"{must} · 已补正"
    if count:
        return "done", f"{must} · 已上传 {count} 张"
    return ("missing", f"{must} · 缺") if line.is_required else ("optional", must)


def remarks(shown: list[Card]) -> list["Obstacle"]:
    """Return what refuses nothing and is looked at once more before the lock: each with the place that it is about."""
    return [
        Obstacle(href, card.title, sentence)
        for card in shown
        if card.line
        for href, sentence in (
            (f"#{card.code}", card.fewer),
            *((f"#image-{one.image.pk}", f"{one.name}：{words}") for one in card.tiles for words in one.warnings),
            (f"#{card.code}", f"“{card.title}”：{card.due}" if card.due else ""),
        )
        if sentence
    ]


def doubts(desk: Desk) -> list["Obstacle"]:
    """Return what of the form may not meet the conditions of the exam: it refuses nothing either.

    What a return has left locked is told without advice, and leads to where it is read.
    """
    application, open_fields = desk.application, _open_fields(desk)
    advised = needs.eligibility_warnings(application)
    plain = needs.eligibility_warnings(application, advise=False)
    return [
        Obstacle(_in_the_form(SECTION_OF[field], f"field_{field}"), FORM, f"报考条件提示：{sentence}")
        if field in open_fields
        else Obstacle(_in_the_form(SECTION_OF[field], f"line_{field}"), FORM, f"报考条件提示：{short}")
        for (field, sentence), (_, short) in zip(advised, plain, strict=True)
    ]


def _open_fields(desk: Desk) -> frozenset[str]:
    """Return the fields of the form that may be changed now."""
    try:
        return editable_fields(desk.application, desk.now)
    except NotAllowed:
        return frozenset()


def _in_the_form(section: str, place: str) -> str:
    return f"{reverse('edit')}?section={section}#{place}"


# --- the bar -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Obstacle:
    """One thing that refuses a submission: where on the page it is mended, its name, and the sentence."""

    href: str
    name: str
    sentence: str


@dataclass(frozen=True)
class Bar:
    """What is missing, until when, and whether 提交审核 is offered."""

    may_submit: bool
    closed: str  # why it is not, where the time is over or has not come
    words: str  # how much is missing
    obstacles: list[Obstacle]
    links: list[Obstacle]  # as many as `words` say: of a return all, else one for each category

    @property
    def is_ready(self) -> bool:
        """Nothing but 提交审核 is left to do."""
        return self.may_submit and not self.obstacles


def bar(desk: Desk) -> Bar:
    if desk.application.status not in OPEN_FOR_PICTURES:
        return Bar(False, "", "", [], [])
    why = closed(desk)
    found = [_obstacle(desk, key, sentence) for key, sentence in obstacles(desk).items()]
    if desk.application.status == Status.RETURNED:
        return Bar(not why, why, f"还有 {len(found)} 处待补正" if found else "", found, found)
    links = {one.name: one for one in reversed(found)}
    return Bar(not why, why, _words(links), found, list(reversed(links.values())))


def _words(links: dict[str, Obstacle]) -> str:
    if not links:
        return ""
    if FORM not in links:
        return f"还缺 {len(links)} 类"
    return f"还缺 {len(links) - 1} 类，报名表待修改" if len(links) > 1 else "报名表待修改"


def _obstacle(desk: Desk, key: str, sentence: str) -> Obstacle:
    kind, _, what = key.partition(":")
    if kind in ("field", "section"):
        section = SECTION_OF[what] if kind == "field" else what
        is_returned = desk.application.status == Status.RETURNED
        name = (label(what) if kind == "field" else SECTIONS[what].title) if is_returned else FORM
        return Obstacle(_in_the_form(section, f"{kind}_{what}"), name, sentence)
    if kind == "category":
        return Obstacle(f"#{what}", _title(desk, what), sentence)
    image = next(one for one in desk.images if str(one.id) == what)
    number = desk.images_in(image.category).index(image) + 1
    return Obstacle(f"#image-{what}", f"{_title(desk, image.category)} 第 {number} 张", sentence)


def _title(desk: Desk, code: str) -> str:
    return desk.shown[code].title if code in desk.shown else BY_CODE[code].label
