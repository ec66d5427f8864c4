"""Sign-on as a room of its own: officers, terminals, sessions, lock, the one door of a system and its pages (design, 3 and 6).

A system that has officers of its own (commons for the city, the connector for itself) serves all of it. A system whose officers
sign on at commons (the register) keeps a copy of who they are and takes the session side only; see `daicho.signon.oidc`.
"""
