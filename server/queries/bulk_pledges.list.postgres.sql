SELECT array_agg(pledge_id) FROM bulk_pledges WHERE job_id = $1
