"""What the service counts of itself for Prometheus; never a question, an address or a name."""
