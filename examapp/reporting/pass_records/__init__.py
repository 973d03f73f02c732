"""Pass records: written-examination records as CSV, XLSX, JSON and PDF."""
