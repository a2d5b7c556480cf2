"""What happened against what the model says: events, predictions, scores."""
