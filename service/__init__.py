"""Answers out: settings, HTTP, answer pipeline, citations, command line."""

from prompts import say
from vectorstore.errors import word_with

word_with(say)
