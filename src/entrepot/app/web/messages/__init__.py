"""Messages between the server and its worker processes: requests, payloads, errors, cache keys."""
