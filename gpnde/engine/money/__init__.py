"""Money: invoices, payments, credit, insolvency and prices."""
