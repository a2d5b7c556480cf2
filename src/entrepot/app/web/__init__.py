"""The desk: a web page and an API on the path that the command line takes.

One process speaks HTTP and computes nothing; others compute, one errand at a time each, and can be stopped at any time.
"""
