"""The service that answers questions: settings, HTTP, answer pipeline, pages, staff pages, command
line.
"""

from prompts import say
from vectorstore.errors import set_wording

set_wording(say)
