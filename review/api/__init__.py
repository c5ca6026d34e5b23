"""The REST API under /api/v1: everything the pages show, one file of routes for each subject."""
