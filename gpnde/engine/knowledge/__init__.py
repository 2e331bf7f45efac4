"""The knowledge of firms: transfer, internalisation, creation, effort, upgrading and their effects on the flow."""
