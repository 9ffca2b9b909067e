"""What happened: an application's history, operators' acts, chains of records.

Actions: import it where something is to be written down or shown again.
"""
