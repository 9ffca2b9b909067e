"""The worker is killed while messages go out: none twice, none lost, those in doubt listed. At length: make faults."""

import pytest

from tests.candidates.messages import killing
from tests.factories import make_candidate


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_tells_nobody_twice_and_loses_nothing(tmp_path):
    seen = killing.run(tmp_path, make_candidate(), messages=60, kills=2)
    assert (seen.twice, seen.lost, seen.sent_and_not_arrived) == (0, 0, 0)
    assert seen.sent + seen.doubtful == 60
    assert seen.sent <= seen.arrived <= 60
