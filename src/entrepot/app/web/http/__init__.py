"""The HTTP server: application, middleware, error handlers, health and metrics."""
