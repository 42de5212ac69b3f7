"""Random contracts rendered as pages, read back and emitted: the samples that the page shows are valid.

Who writes the samples shares nothing with who writes the schemas: the one follows the HelpPage package, the other
the serializers. A sample ignores annotations (a page's age is 1 where its range is 14 to 18), so JSON is judged as
an answer.
"""

import json
from collections.abc import Callable

from contract_strategies import contracts
from hypothesis import Phase, assume, given, settings
from lxml import etree
from openapi_spec_validator import validate

from contracts.emit import Schemas
from contracts.helppage import read, write_pages
from contracts.model import Contract


# Not shrunk: a drawn contract is large and slow to try; minutes of shrinking tell little more than the first find.
@settings(max_examples=40, phases=[Phase.generate])
@given(drawn=contracts())
def test_the_samples_of_any_page_are_valid_by_its_schemas(
    libxml: Callable[[dict[str, bytes]], etree.XMLSchema], drawn: Contract
) -> None:
    # The renderer of test pages names an element of a list of DateTimeOffset otherwise than the serializer would.
    assume("item=TypeRef(kind='scalar', name='DateTimeOffset'" not in repr(drawn.models))
    contract = read(*write_pages(drawn, "html").values())
    schemas = Schemas(contract)
    validate(json.loads(schemas.files["openapi.json"]))
    judge = libxml(dict(schemas.files))
    for operation in contract.operations:
        for body in (operation.request, operation.response):
            model = contract.model_of(body)
            for sample in body.samples:
                if "json" not in sample.media_types[0]:
                    judge.assertValid(etree.fromstring(sample.text))
                    if model is not None:
                        assert schemas.xml_faults(model.name, sample.text.encode()) == []
                elif model is not None and body is operation.response:
                    assert schemas.json_faults(model.name, "response", json.loads(sample.text)) == []
