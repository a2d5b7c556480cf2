"""The HTTP server: application, middleware, error handlers, metrics."""
