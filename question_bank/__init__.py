"""The question bank: items, their review, blueprints, assembly and sealed exam forms.

Knows no web framework and nothing of examapp; people are integers with a foreign key by name.
"""
