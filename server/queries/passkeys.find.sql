SELECT id, organizer_id, credential FROM passkeys WHERE credential_id = $1
