"""The import graph: which modules can the handler reach?"""
