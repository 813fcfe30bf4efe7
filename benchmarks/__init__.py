"""Measures the speed of the whole server and of its parts, beside named baselines run in the same minute.

Refuses to change anything but its own throw-away databases; results are kept only when asked (`--write`).
"""
