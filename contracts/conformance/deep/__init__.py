"""Values made of values, and scalars that travel otherwise in each format: made up, written, read and compared deep.

    kinds      which members there are of each kind
    making     rich values by type and version, and tame ones
    writing    a whole record as JSON, XML or a form          reading    what an answer tells of such members
    comparing  the first place where what came does not mean what was sent

The rule: everything follows from a member's type as the pages and their samples settle it; what they leave open is not
made up and not compared. Nothing is sent and no requirement is known here.

    Deep = a scalar's Value (dates, guids, spans as texts), bytes, a list of Deep, or a dict of Deep by name or key
"""
