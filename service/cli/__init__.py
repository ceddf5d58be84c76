"""The command line: a file for each group of commands, and all of them in `main`; part of the
composition root.
"""
