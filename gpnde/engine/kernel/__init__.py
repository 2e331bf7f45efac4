"""The kernel: compiled steps that move orders and goods at one instant, for all sites at once."""
