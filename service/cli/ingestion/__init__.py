"""The use of ingestion by commands, staff pages and evaluation; part of the composition root."""
