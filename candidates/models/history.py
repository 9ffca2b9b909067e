"""The history of reference data: each row as it was after every change, written by triggers whatever changes it."""

from typing import TypeVar

import pghistory
from django.db import models

from candidates.models.append_only import never_truncated

Tracked = TypeVar("Tracked", bound=type[models.Model])

ACTS = {"insert": "新增", "update": "修改", "delete": "删除", "baseline": "开始记录"}


def keep_history(model: Tracked) -> Tracked:
    """Give the model an append-only table `<Model>Event` and triggers that fill it; for data that is nobody's own.

    A row's `pgh_context` says who: {"who", "account"} of a request, {"who", "command"} of a command, or null where
    the row was changed in the database itself.
    """
    name = model._meta.verbose_name
    track = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        model_name=f"{model.__name__}Event",
        obj_field=pghistory.ObjForeignKey(related_name="history", related_query_name="history"),
        context_field=pghistory.ContextJSONField(),
        context_id_field=None,  # type: ignore[arg-type]  # no such column: pghistory takes None, its annotation forgot it
        append_only=True,
        meta={
            "verbose_name": f"{name}的更改历史",
            "verbose_name_plural": f"{name}的更改历史",
            "triggers": [never_truncated("history_is_not_truncated")],
        },
    )
    kept: Tracked = track(model)
    return kept
