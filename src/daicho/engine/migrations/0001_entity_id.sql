-- Internal ids of a system: one sequence, positive, without meaning (Environment.ids).
CREATE SEQUENCE engine.entity_id AS bigint START WITH 1000;
GRANT USAGE ON SCHEMA engine TO ${app};
GRANT USAGE ON SEQUENCE engine.entity_id TO ${app};
