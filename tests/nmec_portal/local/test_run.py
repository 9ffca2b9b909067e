import pytest
from gunicorn.app.base import BaseApplication
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader

from nmec_portal.local import run, setup
from tests.factories import make_candidate


def test_no_header_says_where_the_portal_is_mounted(monkeypatch):
    started = []
    monkeypatch.setattr(BaseApplication, "run", lambda self: started.append(self.cfg))
    run._listen(0, "")
    head = b"GET /login/ HTTP/1.1\r\nHost: x\r\nSCRIPT_NAME: /elsewhere\r\n\r\n"
    request = Request(started[0], IterUnreader(iter([head])), ("127.0.0.1", 1))
    assert request.headers == [("HOST", "x")]


@pytest.mark.django_db
def test_keys_of_another_database_stop_the_start_and_are_named(settings, tmp_path):
    make_candidate()
    settings.FIELD_KEYS, settings.STATIC_ROOT = [b"\x07" * 32], tmp_path
    with pytest.raises(setup.SetupError, match="NMEC_FIELD_KEYS"):
        run.load(demo=False)
