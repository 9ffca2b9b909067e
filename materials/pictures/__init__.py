"""Pure: from a picture's bytes to a verdict and its normal form.

Import check; the rest is its own.
"""
