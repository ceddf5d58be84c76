"""Evaluation of reading: the records of documents compared with known ones."""
