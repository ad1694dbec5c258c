# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "faker",
# ]
# ///
import faker

fake = faker.Faker(["de_DE", "ja_JP", "en_US"])
fake.seed_instance(1)
assert fake.name() and fake.address() and fake["ja_JP"].company()
assert "@" in fake.email() and len(fake.uuid4()) == 36
assert faker.Faker("fr_FR").phone_number() and faker.Faker("it_IT").ssn()
assert faker.Faker().credit_card_number() and faker.Faker().profile()["job"]
