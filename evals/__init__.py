"""Evaluation of reading and answering: cases, metrics, runs, reports, gates; and training from
cases.
"""
