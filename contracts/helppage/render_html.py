"""Pages as HTML, tag by tag as the templates of the HelpPage package write them.

The rule: Views/Help/Api.cshtml, ResourceModel.cshtml and their display templates, from top to bottom; everything
that comes from the contract is escaped.
"""

from __future__ import annotations

import re
from html import escape

from contracts.helppage.shown import Block, Cells, Direction, direction, model_cells, parameter_cells, title
from contracts.model import Contract, Model, Operation

_TOP = """<!DOCTYPE html>
<html lang="en">
<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>{title}</title>
</head>
<body>
<link type="text/css" href="/Areas/HelpPage/HelpPage.css" rel="stylesheet" />
<div id="body" class="help-page">
    <section class="featured">
        <div class="content-wrapper">
            <p>
                <a href="/Help">Help Page Home</a>
            </p>
        </div>
    </section>"""
_SECTION = '    <section class="content-wrapper main-content clear-fix">'
_BOTTOM = ["    </section>", "</div>", "", "</body>", "</html>"]
_NO_SAMPLE = """    <div class="warning-message-container">
        <p>Failed to generate the sample for media type &#39;{}&#39;.</p>
    </div>"""
_MODEL_NAME = re.compile(r"(?<![\w ])[A-Z]\w*\Z|(?<=of )[A-Z]\w*\Z")
_TYPE_WORDS = frozenset({"URI", "Object"})


def operation(shown: Operation, contract: Contract) -> str:
    """The page of an operation."""
    name = escape(title(shown))
    lines = [_TOP.format(title=name), _SECTION, f"<h1>{name}</h1>", "<div>"]
    lines += [f"    <p>{escape(shown.summary.value)}</p>", "    <h2>Request Information</h2>"]
    lines += ["    <h3>URI Parameters</h3>"]
    parameters = tuple(parameter_cells(parameter) for parameter in shown.parameters)
    lines += _table(parameters) if parameters else ["        <p>None.</p>"]
    lines += ["", "    <h3>Body Parameters</h3>", *_side(direction(contract, shown.request), "Request Formats")]
    lines += ["    <h2>Response Information</h2>", "", "    <h3>Resource Description</h3>"]
    lines += _side(direction(contract, shown.response), "Response Formats")
    return "\n".join([*lines, "</div>", *_BOTTOM])


def model(shown: Model) -> str:
    """The page of a model."""
    lines = [_TOP.format(title=""), f"    <h1>{escape(shown.name)}</h1>"]
    lines.append(f"    <p>{escape(shown.description.value)}</p>")
    if shown.kind == "object":
        return "\n".join([*lines, _SECTION, *_table(model_cells(shown)), *_BOTTOM])
    lines += [_SECTION, "<p>Possible enumeration values:</p>", '<table class="help-page-table">', "    <thead>"]
    lines += ["        <tr><th>Name</th><th>Value</th><th>Description</th></tr>", "    </thead>", "    <tbody>"]
    for member in shown.members:
        lines += ["            <tr>", f'                <td class="enum-name"><b>{escape(member.name)}</b></td>']
        for css, text in (("enum-value", str(member.value)), ("enum-description", member.description)):
            lines += [f'                <td class="{css}">', f"                    <p>{escape(text)}</p>"]
            lines += ["                </td>"]
        lines += ["            </tr>"]
    return "\n".join([*lines, "    </tbody>", "</table>", *_BOTTOM])


def _side(side: Direction, formats: str) -> list[str]:
    lines = ["", f"    <p>{escape(side.description)}</p>", ""]
    if not side.phrase:
        return [*lines, "    <p>None.</p>"]
    lines.append(_linked(side.phrase))
    if side.rows:
        lines += _table(side.rows)
    elif side.rows == ():
        lines.append("    <p>None.</p>")
    if side.blocks:
        lines += [f"        <h3>{formats}</h3>", "", "<div>"]
        lines += [line for block in side.blocks for line in _sample(block)]
        lines.append("</div>")
    return lines


def _sample(block: Block) -> list[str]:
    media_types, text = block
    lines = [f'        <h4 class="sample-header">{escape(media_types)}</h4>', '        <div class="sample-content">']
    lines += ["            <span><b>Sample:</b></span>", ""]
    lines += ['<pre class="wrapped">', escape(text), "</pre>"] if text else [_NO_SAMPLE.format(escape(media_types))]
    return [*lines, "        </div>"]


def _table(rows: tuple[Cells, ...]) -> list[str]:
    head = "".join(f"<th>{name}</th>" for name in ("Name", "Description", "Type", "Additional information"))
    lines = ['    <table class="help-page-table">', "        <thead>", f"            <tr>{head}</tr>"]
    lines += ["        </thead>", "        <tbody>"]
    for row in rows:
        lines += ["                <tr>", f'                    <td class="parameter-name">{escape(row.name)}</td>']
        notes = "\n".join(f"                            <p>{escape(note)}</p>" for note in row.notes)
        cells = (
            ("parameter-documentation", f"                        <p>{escape(row.description)}</p>"),
            ("parameter-type", f"                        {_linked(row.phrase)}"),
            ("parameter-annotations", notes),
        )
        for css, content in cells:
            lines += [f'                    <td class="{css}">', content, "                    </td>"]
        lines.append("                </tr>")
    return [*lines, "        </tbody>", "    </table>"]


def _linked(phrase: str) -> str:
    """A type phrase whose model is a link to its own page; a dictionary's phrase breaks its line before "and"."""
    text = escape(phrase).replace("[key] and", "[key]\nand")
    match = _MODEL_NAME.search(text)
    if match is None or match[0] in _TYPE_WORDS:
        return text
    return f'{text[: match.start()]}<a href="/Help/ResourceModel?modelName={match[0]}">{match[0]}</a>'
