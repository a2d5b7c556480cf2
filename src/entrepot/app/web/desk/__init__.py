"""The web page: server-rendered HTML with its state in the URL."""
