"""Many runs: a study file with arms, uncertainties and a design; runners, the ledger, comparison and sensitivity."""
