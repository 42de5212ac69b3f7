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


# Json.NET, StringUtils.ToSeparatedCase: a word begins at a capital behind a small letter, and at the last of several
# capitals where a small letter follows it ("SKUCode" → "sku_code").
def separated(name: str, sign: str) -> str:
    """The name as Json.NET's snake_case ("_") and kebab-case ("-") strategies write it.

    >>> separated("SKUCode", "_"), separated("IsUV", "_"), separated("CreateDate2", "-")
    ('sku_code', 'is_uv', 'create-date2')
    """
    spelled = ""
    before = ""  # "", a small letter or a capital
    for at, letter in enumerate(name):
        if letter.isupper():
            follows = name[at + 1 : at + 2]
            ends = before == "A" and at > 0 and bool(follows) and not follows.isupper() and follows != sign
            spelled += sign if ends or before == "a" else ""
            before = "A"
        else:
            before = "" if letter == sign else "a"
        spelled += letter.lower()
    return spelled


def json_name(name: str, casing: str) -> str:
    """A property's name in JSON under a casing; "PascalCase" leaves it as it is."""
    if casing == "camelCase":
        return camel_case(name)
    sign = {"snake_case": "_", "kebab-case": "-"}.get(casing)
    return separated(name, sign) if sign else name


# Json.NET: CamelCasePropertyNamesContractResolver turns dictionary keys, the naming strategies by themselves do not.
def key_name(key: str, casing: str) -> str:
    """A dictionary's key in JSON under a casing; the keys of the framework's error bodies are such keys."""
    return camel_case(key) if casing == "camelCase" else key


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
