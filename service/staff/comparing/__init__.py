"""Documents or publishers side by side on one topic: what each says with its proof, and who says nothing."""
