"""How the framework spells names: JSON casing, data contract namespaces, member order.

Each function is one rule of the framework with its source above it. Nothing here looks at a page.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

#: What a data contract's namespace starts with; the CLR namespace follows.
DATA_CONTRACT = "http://schemas.datacontract.org/2004/07/"
#: The namespace of collections of simple types and of dictionaries.
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
#: The namespace of `i:nil`.
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
# DataContract.IsBuiltInNamespace: the types of XML Schema; guid, char and duration.
_BUILT_IN = ("http://www.w3.org/2001/XMLSchema", "http://schemas.microsoft.com/2003/10/Serialization/")


# Json.NET 6.0.8, StringUtils.ToCamelCase: lower-case letters are made from the first on, until the letter
# after the present one is not upper case ("IDNumber" → "idNumber", "IsUV" → "isuv").
def camel_case(name: str) -> str:
    """The name as Json.NET's camelCase resolver writes it.

    >>> camel_case("SKUCode"), camel_case("IsUV"), camel_case("_trace")
    ('skuCode', 'isuv', '_trace')
    """
    if not name[:1].isupper():
        return name
    for i in range(1, len(name)):
        if i + 1 < len(name) and not name[i + 1].isupper():
            return name[:i].lower() + name[i:]
    return name.lower()


def json_name(name: str, casing: str) -> str:
    """A property's name in JSON under a casing, "camelCase" or "PascalCase" (which leaves it as it is)."""
    return camel_case(name) if casing == "camelCase" else name


# ClassDataContract.DataMemberComparer: members of one class are ordered by String.CompareOrdinal: by UTF-16 code unit.
def ordinal(name: str) -> bytes:
    """The sort key that orders names as the framework does: by UTF-16 code unit, never by culture."""
    return name.encode("utf-16-be", "surrogatepass")


# DataContract.GetNamespacesDigest: the MD5 of " {count} {namespace} …" over all arguments, of which the first six bytes
# are written in base64 with "_S" for "/" and "_P" for "+"; it is left out where all arguments are built in.
def generic_contract_name(outer: str, arguments: Sequence[tuple[str, str]]) -> str:
    """The contract name of a generic class: `outer` of arguments, each with its contract name and XML namespace.

    >>> generic_contract_name("Page", [("int", "http://www.w3.org/2001/XMLSchema")])
    'PageOfint'
    """
    name = f"{outer}Of" + "".join(argument for argument, _ in arguments)
    if all(space in _BUILT_IN for _, space in arguments):
        return name
    text = f" {len(arguments)} " + " ".join(space for _, space in arguments)
    digest = base64.b64encode(hashlib.md5(text.encode(), usedforsecurity=False).digest()[:6]).decode("ascii")
    return name + digest.replace("/", "_S").replace("+", "_P")


def data_contract_namespace(clr_namespace: str) -> str:
    """The XML namespace of a CLR namespace."""
    return DATA_CONTRACT + clr_namespace
