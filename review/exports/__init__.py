"""Gives the spreadsheet back: what the pages show as xlsx, csv, JSON, a Word document and a page to print."""
