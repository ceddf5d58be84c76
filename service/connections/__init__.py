"""Connections: who may have one, for how long a client may let the service wait, and how one ends."""
