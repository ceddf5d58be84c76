"""Reading for the service: what commands, staff pages and evaluation have ingestion do; a
composition root.
"""
