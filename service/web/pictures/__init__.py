"""Pictures of PDF pages with a quote marked; drawn in a limited process."""
