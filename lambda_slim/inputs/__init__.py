"""What there is to work with: requirements, locks, installed trees."""
