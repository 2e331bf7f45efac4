"""Many runs: a study file with arms, uncertainties and a design; runners, the records, comparison and sensitivity."""
