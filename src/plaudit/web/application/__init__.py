"""The Application API's doors, one file per noun: thin, each calls one act.

Refuses the Admin API; that has doors of its own.
"""
