-- Codes and tokens of the OpenID provider: only digests are kept. Sessions are those of the schema signon, by their ref.
create table commons.oidc_code (
    digest bytea primary key,
    session_ref text not null,
    client_id text not null,
    redirect_uri text not null,
    scope text not null,
    nonce text not null,
    challenge text not null,
    made_at timestamptz not null,
    spent_at timestamptz
);
comment on table commons.oidc_code is 'one row per code given to a browser; spent once, within a minute';

create table commons.oidc_token (
    digest bytea primary key,
    session_ref text not null,
    client_id text not null,
    code_digest bytea not null references commons.oidc_code on delete cascade,
    made_at timestamptz not null,
    revoked_at timestamptz
);
comment on table commons.oidc_token is 'what a system asks with whether a session goes on; counts as long as the session does';
create index oidc_token_code on commons.oidc_token (code_digest);
create index oidc_code_made on commons.oidc_code (made_at);

grant select, insert, update (spent_at), delete on commons.oidc_code to ${app};
grant select, insert, update (revoked_at), delete on commons.oidc_token to ${app};
