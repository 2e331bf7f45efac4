"""The equations of the model, as small pure functions of numbers and arrays.

Nothing here knows a file, a clock or a scenario, and nothing draws random numbers of its own accord: noise comes in as
an argument or as the counter of a draw. That is what lets every function be held against its closed form.
"""
