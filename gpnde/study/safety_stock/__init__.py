"""Place safety stocks by the guaranteed-service model, and simulate what comes of them."""
