"""The demo's units, people and stories.

Web: the command load_demo and the tests import load.
"""
