"""May this officer do this: actors, rights as data, and the pure decision (design, sections 2 and 6).

Every system decides with this room. Where the data comes from (a file of roles now, the common platform's
replicated tables later) does not change the decision.
"""
