"""Sign-on of the register: officers, terminals, sessions, lock, and the one door (design, sections 3 and 6).

The common platform will take this over behind the same small interface, `door.authenticate(request) -> Actor`.
"""
