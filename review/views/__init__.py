"""The reviewers' pages.

Web: site imports it.
"""
