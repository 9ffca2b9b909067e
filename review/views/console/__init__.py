"""The back office's own pages, beside its lists: what an operator does every day.

Web: nmec_portal's BackOffice opens them by urls.py, to operators alone.
"""
