"""Settings, addresses, home page, health, middleware; no models.

Only manage.py, the servers and Django import it.
"""
