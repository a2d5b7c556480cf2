"""The pages of the desk: server-rendered HTML with its state in the URL."""
