SELECT count(*) FROM ceremonies
