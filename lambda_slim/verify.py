"""Does the slim package behave like the full one?"""
