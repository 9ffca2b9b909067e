"""Pure: from a picture's bytes to a verdict and its normal form.

Import check, formats, limits and words; the rest is theirs.
"""
