"""HTTP paths, one file per kind; none imports LangChain or Chroma."""

API = "/api/v1"
