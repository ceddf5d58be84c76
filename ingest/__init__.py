"""Documents in: register, reading, cleaning, structure, records, chunks, editions."""

from prompts import say
from vectorstore.errors import word_with

word_with(say)
