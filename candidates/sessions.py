"""Log-in sessions in the database, as Django keeps them, found by a query that is made once."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from candidates.prepared import Prepared

STORED = Prepared(lambda: Session.objects.filter(session_key=""))


class SessionStore(db.SessionStore):
    def _get_session_from_db(self):
        found = STORED.one(self.session_key)
        if found is None or found.expire_date <= timezone.now():
            self._session_key = None
            return None
        return found
