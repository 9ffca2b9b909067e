"""The floor of an upload: a bare WSGI handler that does what cannot be left out, and checks nothing.

It parses the body, decodes, makes the thumbnail, writes both files with fsync and does one INSERT; `full` decodes the
whole picture, `scaled` at the scale of the thumbnail. Served by gunicorn in bench_uploads.py.
"""

import io
import os
import uuid
from functools import partial

import psycopg2
from PIL import Image

FOLDER = os.environ.get("NMEC_MEDIA_ROOT", "")
INSERT = "INSERT INTO bench_floor (id, file, thumbnail, width, height, size) VALUES (%s, %s, %s, %s, %s, %s)"
connections = []


def handler(environ, start_response, *, scaled):
    content = file_in(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])), environ["CONTENT_TYPE"])
    image = Image.open(io.BytesIO(content))
    size = image.size
    if scaled:
        image.draft("RGB", (320, 320))
    image.load()
    image.thumbnail((320, 320))
    small = io.BytesIO()
    image.save(small, "JPEG", quality=80)
    key = uuid.uuid4().hex
    paths = [os.path.join(FOLDER, f"{key}{ending}") for ending in (".jpg", ".thumbnail.jpg")]
    for path, data in zip(paths, (content, small.getvalue()), strict=True):
        with open(path, "xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
    with connection().cursor() as cursor:
        cursor.execute(INSERT, (key, *paths, *size, len(content)))
    start_response("201 Created", [("Content-Type", "application/json"), ("Content-Length", "2")])
    return [b"{}"]


def file_in(body, content_type):
    """The bytes of the part named images."""
    boundary = b"--" + content_type.partition("boundary=")[2].encode()
    part = next(part for part in body.split(boundary) if b'name="images"' in part[:200])
    return part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")


def connection():
    if not connections:
        connections.append(psycopg2.connect(os.environ["DATABASE_URL"]))
        connections[0].autocommit = True
    return connections[0]


full, scaled = partial(handler, scaled=False), partial(handler, scaled=True)
