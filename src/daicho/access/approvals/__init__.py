"""Four eyes, once for every system: request, decision, witness, one execution (issue of the common platform, item 5).

Each system installs the schema `approvals` in its own database, so that an approval is checked in the transaction that
uses it up, and works whatever other system is down (docs/decisions/0090). Controls R-USE-15, 18, 19, R-STO-10.
"""
