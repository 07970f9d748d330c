SELECT json_group_array(pledge_id) FROM bulk_pledges WHERE job_id = $1
