"""What people say stands: decisions on questions and on fields of records, open questions, marks."""
