"""The Admin API's doors, one file per noun: thin, each calls one act.

Refuses application keys; and one bad item of a request never hurts its neighbours.
"""
