-- H2 commits each statement by itself: after a kill in between, a migration runs again over what it made.

-- An account's rows take the lowest free slots: who adds a row meets whoever does so at the same time, and quotas stay exact.
ALTER TABLE device ADD COLUMN IF NOT EXISTS slot INTEGER;
UPDATE device d SET slot = (SELECT COUNT(*) FROM device e WHERE e.owner = d.owner AND e.id < d.id) WHERE slot IS NULL;
ALTER TABLE device ALTER COLUMN slot SET NOT NULL;
ALTER TABLE device ADD CONSTRAINT IF NOT EXISTS device_one_in_slot UNIQUE (owner, slot);

-- Profiles and prekey messages are followed by the first eight bytes of their SHA-256.
UPDATE prekey_message SET encoded = encoded || SUBSTRING(HASH('SHA-256', encoded) FROM 1 FOR 8)
WHERE OCTET_LENGTH(encoded) < 8 OR SUBSTRING(encoded FROM OCTET_LENGTH(encoded) - 7)
  <> SUBSTRING(HASH('SHA-256', SUBSTRING(encoded FROM 1 FOR OCTET_LENGTH(encoded) - 8)) FROM 1 FOR 8);
UPDATE device SET client_profile = client_profile || SUBSTRING(HASH('SHA-256', client_profile) FROM 1 FOR 8)
WHERE OCTET_LENGTH(client_profile) < 8 OR SUBSTRING(client_profile FROM OCTET_LENGTH(client_profile) - 7)
  <> SUBSTRING(HASH('SHA-256', SUBSTRING(client_profile FROM 1 FOR OCTET_LENGTH(client_profile) - 8)) FROM 1 FOR 8);
UPDATE device SET prekey_profile = prekey_profile || SUBSTRING(HASH('SHA-256', prekey_profile) FROM 1 FOR 8)
WHERE OCTET_LENGTH(prekey_profile) < 8 OR SUBSTRING(prekey_profile FROM OCTET_LENGTH(prekey_profile) - 7)
  <> SUBSTRING(HASH('SHA-256', SUBSTRING(prekey_profile FROM 1 FOR OCTET_LENGTH(prekey_profile) - 8)) FROM 1 FOR 8);

-- What has expired is removed longest expired first.
CREATE INDEX IF NOT EXISTS device_by_prekey_profile_expiry ON device (prekey_profile_expires_at);

-- How far each server process has taken prekey messages out; it keeps the same number in a file, and a database that is behind
-- the file was restored. A forgiven server adopts its row: what it could lack was marked as spent by another one.
CREATE TABLE IF NOT EXISTS taking_mark (
    server   CHARACTER VARYING PRIMARY KEY,
    mark     BIGINT NOT NULL,
    forgiven BOOLEAN NOT NULL
);
