"""Badge images: told by their first bytes, decoded in a separate process, always written anew.

Refuses SVG and every other type, and never stores a byte as it was sent.
"""
