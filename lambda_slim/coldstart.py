"""What will a cold start take, and cost?"""
