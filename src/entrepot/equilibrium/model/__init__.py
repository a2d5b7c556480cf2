"""The equations of the model, and the economy and the shock encoded as bare arrays for them."""
