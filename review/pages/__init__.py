"""The pages of the desk, one file of routes each: `add_X(app, site)`; every route declares its role."""
