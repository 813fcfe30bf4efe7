"""The shelves: one port, two databases, the same file names and the same query names.

Refuses decisions: a shelf reads snapshots and writes what the engine decided.
"""
