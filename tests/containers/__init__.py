"""`make containers`: the images built, and docker-compose.yml run as it stands, on this machine without a registry."""
