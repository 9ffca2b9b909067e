"""The candidate's pages about documents and pictures.

Web: urls imports it.
"""
