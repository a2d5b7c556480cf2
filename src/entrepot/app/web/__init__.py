"""The desk: a web page and a JSON API on the same code path as the command line.

The server process speaks HTTP and computes nothing. Worker processes compute one task at a time each and can be
stopped at any time.
"""
