-- Two who change the team do it one after the other: somebody must remain its owner.
SELECT id FROM organizations WHERE id = $1 FOR UPDATE
