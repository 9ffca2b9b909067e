"""What a return unlocks lies on the application's row, and is read back as it was written."""

import pytest

from candidates.applications.unlocking import Unlocking
from candidates.models import Application
from tests.factories import REASON, make_application


def test_an_application_that_was_never_returned_has_nothing_unlocked():
    unlocking = Unlocking.of(Application())
    assert (unlocking, unlocking.unsaved_sections) == (Unlocking(), [])


def test_sections_are_unsaved_until_each_has_been_saved_in_the_order_named():
    unlocking = Unlocking(sections={"work": "a", "basic": "b", "exam": "c"}, saved=["basic"])
    assert unlocking.unsaved_sections == ["work", "exam"]


@pytest.mark.django_db
def test_what_is_written_is_read_back():
    application = make_application("returned", named={"sections": {"work": REASON}, "categories": {"diploma": REASON}})
    unlocking = Unlocking.of(application)
    assert (unlocking.sections, unlocking.categories) == ({"work": REASON}, {"diploma": REASON})
    unlocking.saved.append("work")
    unlocking.write(application)
    application.save()
    assert Unlocking.of(Application.objects.get()) == unlocking
