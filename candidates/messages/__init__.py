"""What people are told, and the way it takes to them.

Actions: the row is written by workflow; outbox delivers it; only commands and checks import sending.
"""
