"""Plain pipelines that answers are compared with on the same questions."""
