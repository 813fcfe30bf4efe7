"""The demo: twenty years of real contributions, loaded through the same acts as the API.

Refuses shortcuts: nothing here writes a completion, a streak or a total itself.
"""
