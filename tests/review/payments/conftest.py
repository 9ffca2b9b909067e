"""Both providers, configured with keys made for the tests; the demo cashier on loopback where a test asks for it."""

import pytest

from review.payments import cashier_keys
from tests.review.payments.case import NOWHERE, cashier_running, configure


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    return cashier_keys.keys_in(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def configured(settings, keys):
    """The providers are offered; neither answers."""
    configure(settings, keys, NOWHERE)


@pytest.fixture
def running_cashier(settings, keys, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with cashier_running(settings, keys) as running:
        yield running
