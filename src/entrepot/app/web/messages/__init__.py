"""What travels between the server and its worker processes: requests, responses, errors."""
