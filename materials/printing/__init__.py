"""Documents as PDF.

Actions: import documents, rendered and packet; the rest is theirs.
"""
