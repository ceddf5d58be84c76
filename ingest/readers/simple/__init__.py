"""The simple reader: labels, series of numbers, sheets, tables and headings become claims."""
