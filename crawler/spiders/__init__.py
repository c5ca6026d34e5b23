"""The one spider: driven by the registry, it knows no site."""
