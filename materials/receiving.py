from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from materials.pictures.limits import MAX_BYTES


class BoundedUploadHandler(FileUploadHandler):
    """Keeps one byte more than a picture may have and counts the rest: nothing large reaches memory or disk.

    The file's `size` is what was sent, in bytes; reading it gives at most MAX_BYTES + 1 of them.
    """

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data, start):
        room = MAX_BYTES + 1 - self.kept.tell()
        if room > 0:
            self.kept.write(raw_data[:room])
        return None

    def file_complete(self, file_size):
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )
