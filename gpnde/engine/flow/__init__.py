"""The regular flow of goods: compiled steps that move orders and goods at one instant, for all sites at once."""
