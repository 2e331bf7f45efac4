"""The metrics of a run, one file a subject: what a function here declares with `metric` is measured in every run."""
