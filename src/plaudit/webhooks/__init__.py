"""Telling a team's own servers what happened: payloads, signatures, the guard on addresses, sending.

Refuses databases and clocks of its own; what is sent was written with its cause.
"""
