"""People's input: decisions on questions and on fields of records, open questions, hints."""
