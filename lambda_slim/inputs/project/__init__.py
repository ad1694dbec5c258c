"""Which functions does this project deploy?"""
