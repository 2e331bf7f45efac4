"""Final markets: rival brands, their generations and prices, and what buyers choose."""
