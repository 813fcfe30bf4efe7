"""The commands of ``plaudit``: words of an operator become calls of the house.

Refuses tracebacks: whatever goes wrong for a foreseeable reason is one sentence and exit code 2.
"""
