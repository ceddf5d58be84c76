from .commands import make_app as make_app
from .corpora import Ingestion as Ingestion
