"""One file a provider, and which of them are offered.

Import offered; terms is what a provider has to keep.
"""
