"""Counting how decisions came about."""

import pytest
from django.utils import timezone

from review.cases import decisions, undoing
from review.cases.counting import way_of
from review.cases.facts import How
from review.cases.verdicts import submitted_images
from review.models import DecidedCount
from review.reports import progress
from tests.factories import make_application
from tests.review.casework import actor, fresh

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("batch", "displayed", "way"), [(0, 5, "shown"), (0, 4, "single"), (0, None, "single"), (3, 0, "batch")]
)
def test_the_way_follows_from_what_the_record_says(batch, displayed, way):
    assert way_of(How(batch=batch, pictures=5, displayed=displayed, inherited=0, ticks={})) == way


def test_each_decision_is_counted_where_it_was_made_and_an_undone_one_is_not():
    application = make_application("site_review")
    who, shown = actor(application), {one.id for one in submitted_images(application)}
    done = decisions.pass_on(application.pk, actor=who, seen=application.last_record_id, displayed=shown)
    ways = lambda: dict(progress.ways(application.site, application.session.year, timezone.localdate()))  # noqa: E731
    assert ways() == {"报名点": (0, 1, 0), "考点": (1, 0, 0), "考区": (0, 0, 0)}
    undoing.undo(done.pk, actor=who, seen=fresh(done).last_record_id)
    assert ways()["考点"] == (0, 0, 0)


def test_a_batch_is_counted_as_one():
    cases = [make_application("site_review") for _ in range(2)]
    decisions.pass_many([(one.pk, one.last_record_id) for one in cases], actor=actor(cases[0]))
    assert DecidedCount.objects.get(level="site").number == 2
