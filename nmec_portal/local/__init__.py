"""The launcher: make run, make serve, make test on one's own machine.

Nothing of the portal imports it; each file runs by python -m.
"""
