"""Random requests to the real public process: `python -m tests.security.fuzz --requests 100000`."""
