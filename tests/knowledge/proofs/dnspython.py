# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "dnspython",
# ]
# ///
import dns.message
import dns.rdata
import dns.resolver
import dns.zone

zone = dns.zone.from_text("$TTL 60\n@ IN SOA a. b. 1 2 3 4 5\n@ IN NS n.\n@ IN MX 10 m.\n@ IN TXT \"t\"\nx IN AAAA ::1\nc IN CAA 0 issue \"x\"\ns IN SRV 1 2 3 h.", origin="x.y.", relativize=False)
assert zone.find_rdataset("x.y.", "MX")[0].preference == 10
for kind, text in (("A", "1.2.3.4"), ("CNAME", "a."), ("DNSKEY", "256 3 8 AwEAAagAIKlVZrpC6Ia7gEzahOR+9W29euxhJhVVLOyQbSEW0O8gcCjFFVQUTf6v58fLjwBd0YI0EzrAcQqBGCzh/RStIoO8g0NfnfL2MTJRkxoXbfDaUeVPQuYEhg37NZWAJQ9VnMVDxP/VHL496M/QZxkjf5/Efucp2gaDX6RS6CXpoY68LsvPVjR0ZSwzz1apAzvN9dlzEheX7ICJBBtuA6G3LQpzW5hOA2hzCTMjJPJ8LbqF6dsV6DoBQzgul0sGIcGOYl7OyQdXfZ57relSQageu+ipAdTTJ25AsRTAoub8ONGcLmqrAmRLKBP1dfwhYB4N7knNnulqQxA+Uk1ihz0="), ("SSHFP", "1 1 " + "aa" * 20), ("NAPTR", '1 1 "s" "x" "" a.'), ("TLSA", "3 1 1 " + "aa" * 32), ("HTTPS", "1 . alpn=h2")):
    assert dns.rdata.from_text("IN", kind, text)
message = dns.message.make_query("x.y", "A")
assert dns.message.from_wire(message.to_wire()).question
try:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = 9
    resolver.resolve("x.y", lifetime=0.3)
    raise SystemExit("no error")
except dns.exception.DNSException:
    pass
