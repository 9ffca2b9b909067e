"""Pages and answers to scripts go compressed over the wire; pictures and files are compressed already."""

from django.middleware.gzip import GZipMiddleware

WORDS = ("text/html", "application/json", "image/svg+xml")


class Compressed(GZipMiddleware):
    """Django's, for what is text. Its answers differ in length at random, against BREACH (decision 50)."""

    def process_response(self, request, response):
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind not in WORDS:
            return response
        return super().process_response(request, response)
