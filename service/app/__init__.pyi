from . import server as server
from .mcp_server import serve_stdio as serve_stdio
from .waiting import refusing_requests as refusing_requests
