"""Tables whose rows stay: the database itself refuses to change or remove them."""

import pgtrigger


def never_truncated(name: str) -> pgtrigger.Trigger:
    """Return a trigger of that name that refuses TRUNCATE, which no trigger of single rows sees."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
    )
