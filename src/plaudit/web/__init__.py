"""The doors: bytes come in, a true verb is called, bytes go out.

Refuses decisions: what an event causes is decided in the engine, and read back nowhere.
"""
