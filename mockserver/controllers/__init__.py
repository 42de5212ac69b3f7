"""What a portal's controllers do with the store, driven by the contract alone.

    contract ─ resources ─▶ Resource(name, path, model, key, portal_id, operations)
             ─ acting ────▶ Controllers: (operation, model, record) → record      the upsert, the hot path
                                         perform(Call) → Outcome                  every other operation

The rule: which operation does what follows from its verb, path and types (`plans`), worked out once at the start; a
record is found by the key that the client chose or the id that the portal drew. How requests are read and answers are
written may not live here, nor what a resource or a member is called.
"""

from mockserver.controllers.acting import Controllers, acting, drawing
from mockserver.controllers.references import Reference, references
from mockserver.controllers.resources import Resource, resource_of, resources

__all__ = ["Controllers", "Reference", "Resource", "acting", "drawing", "references", "resource_of", "resources"]
