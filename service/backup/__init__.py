"""Backup of a running installation into one archive, and its restore."""
