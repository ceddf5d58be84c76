"""HTTP: server, middleware, limits and quotas, keys of clients, problems (RFC 9457), responses,
OpenAPI.
"""
