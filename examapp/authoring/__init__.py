"""Pages over the question bank: items, review, import, blueprints, exam forms, framework."""
