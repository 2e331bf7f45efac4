"""Component hooks: how components are called, what their answers change, and what policies cost."""
