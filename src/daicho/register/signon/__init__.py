"""Sign-on as the register uses it: officers sign on at commons (or the city's own provider); the session and the door are here."""
