"""Who applies, for which session and where; the application, its state, its history, who may see it.

Imports no other app; every app may import its rooms.
"""
