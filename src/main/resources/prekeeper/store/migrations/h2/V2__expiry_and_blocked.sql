-- H2 commits each CREATE by itself: after a kill in between, a migration runs again over what it made.

-- What has expired is removed longest expired first.
CREATE INDEX IF NOT EXISTS device_by_expiry ON device (expires_at);

-- Whom administrators have blocked; since is in Unix seconds.
CREATE TABLE IF NOT EXISTS blocked (
    entry CHARACTER VARYING PRIMARY KEY,
    since BIGINT NOT NULL
);
