"""Pictures of PDF pages with the cited place marked."""

NO_PICTURE, TOO_MUCH = 3, 4  # how the process that draws ends; a page that ends it gives a negative code


class NoPicture(Exception):
    """No such page, no certain place to crop, or a file that cannot be drawn: it is damaged, encrypted or no PDF."""
