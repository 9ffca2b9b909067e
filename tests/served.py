"""The real server that the tests' browsers ask, which knows what it is still answering."""

from django.contrib.staticfiles.handlers import StaticFilesHandler
from pytest_django.live_server_helper import LiveServer

from tests.waiting import wait_until


class Static(StaticFilesHandler):
    """Let the browser keep the static files, as it may in production, and know what is being answered."""

    at_work: set[object] = set()

    def __call__(self, environ, start_response):
        request = object()
        self.at_work.add(request)
        try:
            return super().__call__(environ, start_response)
        finally:
            self.at_work.discard(request)

    def serve(self, request):
        answer = super().serve(request)
        answer["Cache-Control"] = "public, max-age=3600, immutable"
        answer["Cross-Origin-Opener-Policy"] = "same-origin"  # as the pages': else a browser takes a new process
        return answer


def serving():
    """Start the server, yield it, stop it: the body of a fixture."""
    server = LiveServer("127.0.0.1", start=False)
    server.thread.static_handler = Static
    server.start()
    yield server
    server.stop()


def let_rest():
    """Wait until nothing is being answered: else what writes meets the tables as they are emptied."""
    wait_until(lambda: not Static.at_work, "the server goes on working")
