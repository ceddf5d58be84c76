"""The command line: a file for each group of commands, put together in `main`; part of the
composition root.
"""
