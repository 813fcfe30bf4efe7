"""The verbs: pure functions from rulebook, snapshot and command to what is caused.

Refuses I/O, clocks, logging, asyncio and drivers: the same arguments always give the same answer.
"""
