"""What a result is about: whose flows a change targets, who is looked at, the numbers of a headline."""
