"""HTTP routes, a module for each subject; none imports LangChain or Chroma."""

API = "/api/v1"
