"""The acts: one per file. Read, decide, write; the engine decides and the shelves keep.

Refuses HTTP and any knowledge of which database it stands on.
"""
