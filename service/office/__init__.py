"""What the administration works with: pages of staff, uploads."""
