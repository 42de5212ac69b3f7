"""`explain` on any page: contracts drawn at random, bodies of their own members, in any order, as often as they come.

The same promise as for the page that comes along: nothing that is sent makes it fail, and what it says to send instead
is taken without a loss.
"""

import json
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

from contract_strategies import contracts
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.model import Contract, Model
from mockserver.explain import Explainer
from mockserver.webapi import Request

JSON, XML, FORM = "application/json", "application/xml", "application/x-www-form-urlencoded"
SCALARS = st.sampled_from(
    ["", " ", "7", "1,5", "true", "2030-01-07T09:00:00+02:00", "x\r\ny", "é", 0, 1.5, None, True, 65]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


def sent_to(contract: Contract) -> Model:
    ref = contract.operations[0].request.type.value
    assert ref is not None
    return contract.models[(ref.item or ref).name]


def in_xml(name: str, namespace: str, value: Any) -> str:
    if isinstance(value, dict):
        inner = "".join(in_xml(key, "", one) for key, one in value.items())
    elif isinstance(value, list):
        inner = "".join(in_xml("string", "", one) for one in value)
    else:
        inner = "" if value is None else escape(str(value))
    return f"<{name} xmlns={quoteattr(namespace)}>{inner}</{name}>"


@st.composite
def requests(draw: st.DrawFn, contract: Contract) -> Request:
    model, operation = sent_to(contract), contract.operations[0]
    members = draw(st.lists(st.tuples(st.sampled_from(model.properties), VALUES), max_size=6))
    unknown = draw(st.sampled_from([{}, {"Unheard": "1"}]))
    kind = draw(st.sampled_from([JSON, XML, FORM]))
    if kind == JSON:
        named = {prop.json.value or prop.name: value for prop, value in members} | unknown
        text = json.dumps(named if operation.request.type.value.kind == "model" else [named])
    elif kind == XML:
        root = model.xml_root.value
        parts = [
            in_xml(p.xml.value.name, p.xml.value.namespace, value) for p, value in members if p.xml.value is not None
        ]
        parts += [in_xml(name, "", value) for name, value in unknown.items()]
        text = f"<{root.name} xmlns={quoteattr(root.namespace)}>{''.join(parts)}</{root.name}>"
    else:
        pairs = [(prop.name, value if isinstance(value, str) else json.dumps(value)) for prop, value in members]
        text = urlencode([*pairs, *unknown.items()])
    return Request(operation.method.value, f"/{operation.path.value}", [("Content-Type", kind)], text.encode())


# Not shrunk: a drawn contract is large and slow to try.
@settings(max_examples=max(60, settings().max_examples // 20))
@given(st.data())
def test_whatever_is_sent_to_whatever_page_is_explained(data: st.DataObject) -> None:
    contract = data.draw(contracts())
    explainer = Explainer(contract, strict=False)
    for _ in range(4):
        found = explainer.explain(data.draw(requests(contract)))
        if found.corrected is not None:
            again = explainer.explain(found.corrected)
            assert (again.response.status, again.losses) == (200, ())
