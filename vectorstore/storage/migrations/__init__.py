"""The migrations of the tables beside the editions, one file for each schema version, run by
Alembic.
"""
