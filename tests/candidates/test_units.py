import pytest

from candidates.models import Application
from tests.factories import make_units

pytestmark = pytest.mark.django_db


def test_a_units_chain_is_itself_and_those_above_by_level():
    units = make_units()
    assert units["1101001"].chain == {"point": units["1101001"], "site": units["1101"], "region": units["11"]}
    assert units["11"].chain == {"region": units["11"]}


def test_a_point_brings_the_units_above_it_onto_the_application():
    units, application = make_units(), Application()
    application.place_at(units["1101001"])
    placed = [application.unit_at(level) for level in ("point", "site", "region")]
    assert placed == [units["1101001"], units["1101"], units["11"]]
    application.place_at(None)
    assert (application.point, application.site, application.region) == (None, None, None)
