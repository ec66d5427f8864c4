"""The assessment as code: requirements, where each lives, and the tests that prove it."""
