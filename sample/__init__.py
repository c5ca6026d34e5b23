"""A small web to try everything on; its texts are samples written for this project."""
