"""Log-in sessions in the database, as Django keeps them; whose a session is comes with it, in one query."""

from contextvars import ContextVar
from datetime import datetime

from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import CreateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db.models import Subquery
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from candidates.models import Account, LoginSession
from candidates.prepared import Prepared


def _of_the_session(column: str) -> Subquery:
    return Subquery(LoginSession.objects.filter(session_key="").values(column))


# by subqueries: with few sessions and no statistics the planner would join by reading all accounts
OWNED = Prepared(
    lambda: (
        Account.objects.filter(pk=_of_the_session("account"))
        .annotate(session_data=_of_the_session("session_data"), session_ends=_of_the_session("expire_date"))
        .select_related("unit")
    )
)
STORED = Prepared(lambda: LoginSession.objects.filter(session_key=""))
_asked: ContextVar["SessionStore | None"] = ContextVar("asked", default=None)  # the session that Django is asking about


class SessionStore(db.SessionStore):
    account: Account | None = None  # as it was when the session was read

    @classmethod
    def get_model_class(cls):
        return LoginSession

    def _validate_session_key(self, key):
        return super()._validate_session_key(key) and "\0" not in key  # PostgreSQL text cannot contain NUL

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.account_id = data.get(auth.SESSION_KEY)
        return row

    def save(self, must_create=False):
        """Save; raise SessionInterrupted (400) where the account is gone, as new keys would be tried without end."""
        try:
            super().save(must_create=must_create)
        except CreateError:
            owner = self.get(auth.SESSION_KEY)
            if owner and not Account.objects.filter(pk=owner).exists():
                raise SessionInterrupted("The account is gone.") from None
            raise

    def _get_session_from_db(self):
        key = self.session_key
        self.account = OWNED.one(key, key, key)
        if self.account:
            found = LoginSession(key, self.account.session_data, self.account.session_ends)
        else:  # nobody has logged in, or there is no such session
            found = STORED.one(key)

        if found is None or found.expire_date <= timezone.now():
            self._session_key = self.account = None
            return None
        return found


class Authentication(AuthenticationMiddleware):
    """Django's middleware, but the account is the one that was read together with the session."""

    def process_request(self, request):
        request.user = SimpleLazyObject(lambda: _account_of(request))


def _account_of(request):
    """Return who has logged in; from then on the request holds the account itself, faster to ask than a proxy."""
    token = _asked.set(request.session)
    try:
        request.user = auth.get_user(request)
    finally:
        _asked.reset(token)
    return request.user


def read_with_session(pk: int) -> Account | None:
    """Return the account of that key where the session that Django is asking for has brought it along."""
    store = _asked.get()
    account = store.account if store else None
    return account if account and account.pk == pk else None


def forget_expired(now: datetime) -> None:
    LoginSession.objects.filter(expire_date__lt=now).delete()
