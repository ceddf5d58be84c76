"""Schema 2: decisions on pairs of documents are stored as all other choices of staff are."""

from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Rename the decisions; their form is the same."""
    op.execute("UPDATE text SET name = 'choices/_all.json' WHERE name = 'relations/all.json'")
