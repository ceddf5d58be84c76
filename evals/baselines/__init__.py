"""What simple, usual ways of finding bring over the same cases, and what each part of ours is worth: measured alike."""
