"""HTTP: the server, its limits and headers, who a client is, problems, responses, the description of the API."""
