"""Editions shared by several machines through a PostgreSQL database; imported only if one is
configured.
"""
