"""The JSON API: routes, and the task functions behind them."""
