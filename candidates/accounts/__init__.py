"""Accounts: a candidate's own, logging in, passwords, one-time codes, second factors, mobiles.

Actions: views and the back office import it.
"""
