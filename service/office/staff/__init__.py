"""The staff page: which goal covers a topic, all records to filter and export, documents, open
data. Without script.
"""
