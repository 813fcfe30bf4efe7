"""The nouns: frozen values, the closed list of errors, the snapshot read and the outcome decided.

Refuses: I/O, clocks, logging, and any import from another room of the house.
"""
