"""The archive: base backups, WAL as it is written, pictures as they come, all sealed; and the way back from it.

Commands, `nmec_portal/metrics.py` and the back office import from it."""
