"""A brief: the file that specifies it, and the results that it needs."""
