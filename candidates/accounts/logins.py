"""Log-in sessions in the database, as Django keeps them; whose a session is comes with it, in one query.

A log-in ends when nobody has used it for some time (shorter for staff), and at last some hours after it began. What a
page asks by itself, from time to time, is no use of it (views/answers.py: asked_by_itself).
"""

from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

from django.conf import settings
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
BEGAN = "began"  # in the session: when the log-in began, in seconds since 1970
WRITTEN = timedelta(minutes=1)  # so much later a use has to be to be written down
_asked: ContextVar["SessionStore | None"] = ContextVar("asked", default=None)  # the session that Django is asking about


class SessionStore(db.SessionStore):
    account: Account | None = None  # as it was when the session was read
    ends: datetime | None = None  # as it was when the session was read
    is_used = True  # by this request: a page's own timer sets it to False

    @classmethod
    def get_model_class(cls):
        return LoginSession

    def _validate_session_key(self, key):
        return super()._validate_session_key(key) and "\0" not in key  # PostgreSQL text cannot contain NUL

    def create_model_instance(self, data):
        owner, now = data.get(auth.SESSION_KEY), timezone.now()
        if owner:
            data.setdefault(BEGAN, now.timestamp())
        row = super().create_model_instance(data)
        if owner:
            row.account_id, row.last_at = owner, now
            if not self.account or str(self.account.pk) != owner:  # who has just logged in
                self.account, self.ends = Account.objects.filter(pk=owner).first(), None
            row.expire_date = self.ends if self.ends and not self.is_used else self._until(data, now)
        return row

    def _until(self, data, now: datetime) -> datetime:
        """Return when the log-in ends if it is not used again."""
        is_candidate = self.account is not None and self.account.is_candidate
        idle = settings.IDLE_CANDIDATES if is_candidate else settings.IDLE_STAFF
        return min(now + timedelta(minutes=idle), began_at(data) + timedelta(seconds=settings.SESSION_COOKIE_AGE))

    def get_expiry_age(self, **kwargs):
        """Return for how many seconds the browser keeps the cookie: until the log-in ends however it is used."""
        began = self.get(BEGAN)
        if began is None:
            return super().get_expiry_age(**kwargs)
        return max(0, round(began + settings.SESSION_COOKIE_AGE - timezone.now().timestamp()))

    def touch(self) -> None:
        """Put the end of a log-in off that somebody uses. At most once a minute: it is a write of the database."""
        if not (self.account and self.ends and self.is_used and self.session_key and BEGAN in self) or self.modified:
            return
        now = timezone.now()
        until = self._until(dict(self.items()), now)
        if until - self.ends >= WRITTEN:
            LoginSession.objects.filter(pk=self.session_key).update(expire_date=until, last_at=now)

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
        self.ends = found.expire_date
        return found


def began_at(data) -> datetime:
    return datetime.fromtimestamp(data[BEGAN], tz=UTC)


def stay_logged_in(get_response):
    """Let the log-in of who asks for something go on; an answer that failed writes nothing more."""

    def middleware(request):
        response = get_response(request)
        if response.status_code < 500:
            request.session.touch()
        return response

    return middleware


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
