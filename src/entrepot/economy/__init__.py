"""Tables become one balanced base year."""
