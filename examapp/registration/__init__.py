"""Exam policies, administrations, registrations, the gate, accommodations."""
