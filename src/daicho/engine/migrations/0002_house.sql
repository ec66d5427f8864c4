-- What the engine remembers of this database, e.g. whether the synthetic city was loaded to its end.
CREATE TABLE engine.house (
    name text PRIMARY KEY,
    value text NOT NULL
);
GRANT SELECT ON engine.house TO ${app};
