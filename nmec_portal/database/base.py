"""Django's PostgreSQL, but for how a connection that is kept between requests is found to have ended.

Django asks "SELECT 1" once in every request. A server that ends a connection says so: there is something to read on a
line on which nothing was asked. Looking at the line waits for no answer, and both notice the same: a network that went
away without a word is noticed by neither before it is waited for.
"""

import select

from django.db.backends.postgresql import base
from psycopg2.extensions import TRANSACTION_STATUS_IDLE


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self):
        """Whether the server still holds the connection, between transactions."""
        if self.connection is None or self.connection.closed:
            return False
        if self.connection.info.transaction_status != TRANSACTION_STATUS_IDLE:
            return False
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN)
        return not line.poll(0)
