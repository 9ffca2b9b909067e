"""The candidate's pages.

Web: urls imports it; answers is for other apps' views too.
"""
