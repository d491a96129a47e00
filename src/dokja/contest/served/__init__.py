"""The teams' models as voters meet them: asked, answered, at fault."""
