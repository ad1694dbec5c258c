class Production:
    DATABASE = "sqlite://"
    SECRET_KEY = "x"
