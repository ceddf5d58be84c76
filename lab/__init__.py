"""The laboratory: training, reading against known records, plain pipelines, benchmarks. It is not
installed; `python -m lab` runs it in a checkout.
"""
