"""The night shift: what happens later, taken from rows and columns, never from timers in memory."""
