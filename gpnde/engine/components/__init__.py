"""The components of a run: how they are asked, what they make of the flow, what policies cost, what has happened."""
