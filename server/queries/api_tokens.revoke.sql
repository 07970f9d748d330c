-- $1: organization. $2: whose tokens. $3: the place of the role that they have now: the rights of
-- their tokens end with their own.
DELETE FROM api_tokens
WHERE organization_id = $1 AND maker = $2
    AND CASE role WHEN 'owner' THEN 0 WHEN 'editor' THEN 1 WHEN 'moderator' THEN 2 ELSE 3 END < $3
RETURNING name
