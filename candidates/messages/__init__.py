"""What people are told, and the way it takes: kinds, writing (one insert), routes, the outbox and its senders.

Actions: writing is for who tells something; pages ask sending which contacts are reached.
"""
