-- Members, their sessions and one-time links, and attempts to log in.

-- name: members
-- Every member, the oldest first.
SELECT id, email, name, role, password, created, seen FROM members ORDER BY created, id;

-- name: member_by_email
-- The member with an e-mail address in lower case.
SELECT id, email, name, role, password, created, seen FROM members WHERE email = ?1;

-- name: insert_member
-- A new member.
INSERT INTO members (id, email, name, role, password, created, seen)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: save_member
-- What may change of a member.
UPDATE members SET name = ?2, role = ?3, password = ?4, seen = ?5 WHERE id = ?1;

-- name: delete_member
-- A member, whose sessions and links are gone before.
DELETE FROM members WHERE id = ?1;

-- name: session
-- A session and whose it is.
SELECT s.digest, s.member, s.created, s.seen, m.id, m.email, m.name, m.role, m.password, m.created, m.seen
FROM sessions s
JOIN members m ON m.id = s.member
WHERE s.digest = ?1;

-- name: insert_session
-- A new session.
INSERT INTO sessions (digest, member, created, seen) VALUES (?1, ?2, ?3, ?4);

-- name: touch_session
-- When a session was last used.
UPDATE sessions SET seen = ?2 WHERE digest = ?1 AND seen < ?2;

-- name: touch_member
-- When a member was last here.
UPDATE members SET seen = ?2 WHERE id = ?1 AND (seen IS NULL OR seen < ?2);

-- name: delete_session
-- A session that ends.
DELETE FROM sessions WHERE digest = ?1;

-- name: delete_sessions_of
-- The sessions of a member, all but one (or none).
DELETE FROM sessions WHERE member = ?1 AND digest <> ?2;

-- name: insert_link
-- A one-time link.
INSERT INTO member_links (digest, member, until) VALUES (?1, ?2, ?3);

-- name: link
-- A one-time link that still holds.
SELECT digest, member, until FROM member_links WHERE digest = ?1 AND until > ?2;

-- name: delete_links_of
-- The links of a member.
DELETE FROM member_links WHERE member = ?1;

-- name: delete_setup_links
-- The links to the set-up.
DELETE FROM member_links WHERE member IS NULL;

-- name: login_until
-- When the last attempt from a source will be forgotten.
SELECT until FROM login_attempts WHERE source = ?1;

-- name: put_login_until
-- An attempt from a source.
INSERT INTO login_attempts (source, until)
VALUES (?1, ?2)
ON CONFLICT (source) DO UPDATE SET until = excluded.until;

-- name: forgive_login
-- A source that has logged in.
DELETE FROM login_attempts WHERE source = ?1;

-- name: prune_sessions
-- Sessions that began before, or were last used before.
DELETE FROM sessions WHERE created <= ?1 OR seen <= ?2;

-- name: prune_links
-- Links that hold no more.
DELETE FROM member_links WHERE until <= ?1;

-- name: prune_logins
-- Attempts that are forgotten.
DELETE FROM login_attempts WHERE until <= ?1;
