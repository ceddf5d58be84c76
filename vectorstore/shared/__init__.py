"""Editions of several machines, in a PostgreSQL database that they share; nothing imports this by default."""
