"""What speaks to the providers of SMS: one file a provider, its signature, and what it may answer.

Imported by messages/sending.py alone; its words, terms, by the whole room.
"""
