"""Drawn specimens of documents, for the pages and the demo.

Pure: import draw.
"""
