"""Public web pages: chat, documents and their items, progress, the API's description. They work
without JavaScript.
"""
