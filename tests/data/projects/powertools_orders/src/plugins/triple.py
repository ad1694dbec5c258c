from decimal import Decimal

def price(n): return str(Decimal(str(n)) * 3)
