"""An S3 provider for tests: keeps objects in memory, answers only requests whose signature (version 4) holds."""

import hashlib
import hmac
import threading
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from botocore.config import Config

ACCESS_KEY, SECRET_KEY, BUCKET = "test-key", "test-secret", "pictures"


class _Provider(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._is_signed(body):
            self.server.objects[self._key()] = body
            self.server.written[self._key()] = formatdate(usegmt=True)
            self._answer(200)

    def do_GET(self):
        if not self._is_signed(b""):
            return
        query = parse_qs(urlsplit(self.path).query)
        if "delimiter" in query:
            self._answer(200, self._listing(query))
        elif self._key() in self.server.objects:
            self._answer(200, self.server.objects[self._key()])
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    do_HEAD = do_GET

    def do_DELETE(self):
        if self._is_signed(b""):
            self.server.objects.pop(self._key(), None)
            self._answer(204)

    def _key(self):
        return urlsplit(self.path).path.removeprefix(f"/{BUCKET}/")

    def _listing(self, query):
        prefix = query.get("prefix", [""])[0]
        inside = sorted(key for key in self.server.objects if key.startswith(prefix))
        folders = {prefix + key.removeprefix(prefix).split("/")[0] + "/" for key in inside if "/" in key[len(prefix) :]}
        files = [key for key in inside if "/" not in key[len(prefix) :]]
        parts = [f"<CommonPrefixes><Prefix>{folder}</Prefix></CommonPrefixes>" for folder in sorted(folders)]
        parts += [f"<Contents><Key>{key}</Key><Size>{len(self.server.objects[key])}</Size></Contents>" for key in files]
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{''.join(parts)}</ListBucketResult>".encode()

    def _is_signed(self, body):
        """Recomputes the signature from what was received (AWS Signature Version 4)."""
        method, _, fields = self.headers["Authorization"].partition(" ")
        given = dict(part.strip().split("=", 1) for part in fields.split(","))
        address = urlsplit(self.path)
        signed = "".join(f"{name}:{self.headers[name].strip()}\n" for name in given["SignedHeaders"].split(";"))
        query, digest = "&".join(sorted(filter(None, address.query.split("&")))), hashlib.sha256(body).hexdigest()
        request = "\n".join([self.command, address.path, query, signed, given["SignedHeaders"], digest])
        scope = given["Credential"].partition("/")[2]
        text = "\n".join([method, self.headers["X-Amz-Date"], scope, hashlib.sha256(request.encode()).hexdigest()])
        key = b"AWS4" + SECRET_KEY.encode()
        for part in (*scope.split("/"), text):
            key = hmac.digest(key, part.encode(), "sha256")
        right = hmac.compare_digest(key.hex(), given["Signature"]) and not self.server.is_down
        if not right:
            self._answer(503 if self.server.is_down else 403, b"<Error><Code>Refused</Code></Error>")
        return right

    def _answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", self.server.written.get(self._key()) or formatdate(usegmt=True))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@contextmanager
def provider():
    """The server: `objects` (key to bytes), `is_down`, and `options` for the storage class."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Provider)
    server.objects, server.written, server.is_down = {}, {}, False
    server.options = {
        "endpoint_url": f"http://127.0.0.1:{server.server_port}",
        "bucket_name": BUCKET,
        "access_key": ACCESS_KEY,
        "secret_key": SECRET_KEY,
        "region_name": "us-east-1",
        "client_config": Config(
            retries={"total_max_attempts": 1},
            request_checksum_calculation="when_required",
            signature_version="s3v4",
            s3={"payload_signing_enabled": True, "addressing_style": "path"},
        ),
    }
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
