import pytest

from candidates.accounts import auth
from candidates.accounts.auth import LoginNameBackend, accounts_of, name_key, network
from candidates.models import LoginTries
from tests.factories import PASSWORD, make_candidate


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("192.0.2.250", "192.0.2.0/24"),
        ("192.0.3.7", "192.0.3.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        (None, "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_a_network_is_a_24_or_a_64(address, counted):
    assert network(address) == counted


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("13800007777", "+86 138-0000-7777"),
        ("13800007777", "１３８００００７７７７"),
        ("11010519491231002X", " 110105 19491231 002x"),
        ("AB1234567", "ab 1234567"),
        ("point-1101001", " point-1101001 "),
        ("张", " 张"),
        ("Ana@example.com", " ana＠EXAMPLE.com"),
    ],
)
def test_every_spelling_of_a_name_has_one_key(one, another):
    assert name_key(one) == name_key(another)


@pytest.mark.parametrize(("one", "another"), [("13800007777", "13800007778"), ("张", "李"), ("x" * 300, "y" * 300)])
def test_another_name_has_another(one, another):
    assert name_key(one) != name_key(another)


@pytest.mark.django_db
def test_a_candidate_is_found_by_document_number_and_by_mobile():
    account = make_candidate()
    names = (account.document_number, account.document_number.lower(), account.mobile)
    assert [accounts_of(name) for name in names] == [[account]] * 3


@pytest.mark.django_db
def test_the_right_password_alone_lets_somebody_in():
    account = make_candidate()
    tries = [LoginNameBackend().authenticate(None, account.mobile, word) for word in (PASSWORD, PASSWORD + "x", "")]
    assert tries == [account, None, None]


@pytest.mark.django_db
def test_a_try_at_a_name_that_nobody_has_is_counted_and_costs_one_hash_like_a_wrong_password(rf, monkeypatch):
    hashed = []
    monkeypatch.setattr(auth, "make_password", hashed.append)
    assert LoginNameBackend().authenticate(rf.post("/login/"), "13800007777", "word") is None
    assert hashed == ["word"]
    assert [tries.failures for tries in LoginTries.objects.all()] == [1]


@pytest.mark.django_db
def test_a_wrong_password_costs_no_second_hash(rf, monkeypatch):
    hashed = []
    monkeypatch.setattr(auth, "make_password", hashed.append)
    assert LoginNameBackend().authenticate(rf.post("/login/"), make_candidate().mobile, "word") is None
    assert hashed == []


@pytest.mark.parametrize("words", [(None, "word"), ("13800007777", None)])
def test_without_a_name_or_a_password_nobody_is_looked_for(words):
    assert LoginNameBackend().authenticate(None, *words) is None
