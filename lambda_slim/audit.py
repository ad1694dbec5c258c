"""What in a finished package would break on Lambda?"""
