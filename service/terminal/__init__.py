"""How commands speak: settings and exit codes, one sentence for an error, tables and answers, notes in the log."""
