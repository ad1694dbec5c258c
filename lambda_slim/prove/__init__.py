"""Do two packages behave the same, and what makes the difference?"""
