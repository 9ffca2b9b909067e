"""What names are found by, computed by the database: the same as text.name_key() of a name in its stored spelling."""

from django.db import models


class NameKey(models.Func):
    """The key of a name; its indexes hold it, so that no column repeats a name. Migration 0019 makes the function."""

    function = "candidates_name_key"
    arity = 1
    output_field = models.TextField()
