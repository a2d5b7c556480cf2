"""Schedules of legal acts: what is in force on a day, on which line, by which act."""
