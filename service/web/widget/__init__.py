"""The citizens' widget: ES modules as browsers load them, cached in memory with a digest for
ETags.
"""
