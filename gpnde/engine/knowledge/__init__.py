"""The knowledge side of a run: transfer, internalisation, creation, effort, upgrading and what they do to the flow."""
