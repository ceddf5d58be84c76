from .commands import make_app as make_app
from .corpora import Ingestion as Ingestion
from .reading.catalogue import CatalogueError as CatalogueError
from .reading.corpus import KnownPaper as KnownPaper
from .reading.corpus import load_papers as load_papers
from .tables import MarksMissing as MarksMissing
from .tables import markdown_table as markdown_table
from .tables import write_table as write_table
