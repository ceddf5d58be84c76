"""An example: the website of an invented county with the widget on it, shown by `serve --demo`."""
