"""Commands of sign-on, run as `python -m django NAME`."""
