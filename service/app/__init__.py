"""The running service: the application with its middleware, its server, tools for assistants."""
