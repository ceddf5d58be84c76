"""How good reading and answering are: cases, metrics, runs and their reports, baselines; and training from cases."""
