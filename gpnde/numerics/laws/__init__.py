"""Probability laws: records of what there is, the rows that they become, and draws from tables of rows.

`catalogue` holds one file per law; nothing that draws is imported with it, which keeps reading scenarios light.
"""
