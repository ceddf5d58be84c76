"""How well a document's records were read, held against records that are known."""
