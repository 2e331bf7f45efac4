"""Small studies of the model, each a page in ``docs/studies`` that one command writes."""
