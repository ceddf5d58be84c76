"""Input and output of commands: settings, exit codes, errors as one sentence, tables and answers,
audit log.
"""
