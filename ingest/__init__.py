"""Ingestion: from the files of a register to an edition with text, items, chunks and a report."""

from prompts import say
from vectorstore.errors import set_wording

set_wording(say)  # errors of the vector store have the German texts of prompts
