"""Attacks on lambda-slim, with seeds; the tests have a bounded part of each."""
