"""Adapters: each lets one outside thing, and only that one, into Dokja."""
