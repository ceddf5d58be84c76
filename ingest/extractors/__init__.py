"""One extractor per layout: plan and blocks to candidates for records."""
