"""Plaudit: achievements and badges for any app, from one server a team runs itself."""

__version__ = "0.1.0"
