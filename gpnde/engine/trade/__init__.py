"""Trade relations: links, scorecards, requests for quotation, shares of volume, make or buy."""
