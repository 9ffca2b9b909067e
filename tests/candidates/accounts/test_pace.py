from candidates.accounts.pace import Pace


def test_each_account_has_its_times_a_minute():
    now = 0.0
    pace = Pace(2, clock=lambda: now)
    assert [pace.is_too_often(1) for _ in range(3)] == [False, False, True]
    assert pace.is_too_often(2) is False
    now = 60.0
    assert pace.is_too_often(1) is False
