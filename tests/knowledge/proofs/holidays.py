# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "holidays",
# ]
# ///
import datetime
import holidays

assert datetime.date(2024, 7, 4) in holidays.country_holidays("US")
assert "Tag der Deutschen Einheit" in holidays.country_holidays("DE", subdiv="BY", years=2024).get("2024-10-03")
assert holidays.financial_holidays("NYSE", years=2024)
assert "JP" in holidays.list_supported_countries()
assert holidays.country_holidays("IT", language="en_US", years=2024).get("2024-06-02") == "Republic Day"
assert datetime.date(2024, 12, 25) in holidays.UK()
