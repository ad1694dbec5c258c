"""One Hypothesis profile for all tests: no deadlines, as the machine may be busy."""

from hypothesis import settings

settings.register_profile("lambda-slim", deadline=None)
settings.load_profile("lambda-slim")
