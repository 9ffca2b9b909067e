"""What a region or a site asks for of its own, as an operator has switched it on."""

from candidates.models import Unit
from materials.models import MaterialNotice, UnitLine
from tests import factories


def own_line(code: str, title: str = "社保证明", **fields) -> UnitLine:
    """A line of the unit: brought as an original, unless fields say otherwise; switched on."""
    factories.make_units()
    values = {"original": "upload" not in fields, "is_active": True, **fields}
    return UnitLine.objects.create(unit=Unit.objects.get(code=code), title=title, **values)


def notice(code: str, category: str, **fields) -> MaterialNotice:
    factories.make_units()
    return MaterialNotice.objects.create(unit=Unit.objects.get(code=code), category=category, **fields)
