"""How to use the portal: the page's own samples as commands, for a shell and for PowerShell."""

import html
import json
import re

from flask.testing import FlaskClient

from contracts import helppage


def test_both_commands_send_the_very_sample_to_the_operation(client: FlaskClient) -> None:
    text = client.get("/_portal/page/how").get_data(as_text=True)
    curl, powershell = (html.unescape(one) for one in re.findall(r"<pre id=.*?>(.*?)</pre>", text, re.DOTALL)[:2])
    (sample,) = [
        one for one in helppage.shipped().operations[0].request.samples if "application/json" in one.media_types
    ]
    sent = re.fullmatch(
        r"\$body = @'\n(.*)\n'@\n"
        r"Invoke-RestMethod (\S+) `\n  -Method Post -ContentType \"application/json\" -Body \$body",
        powershell,
        re.DOTALL,
    )
    assert sent is not None
    assert json.loads(sent[1]) == json.loads(sample.text)
    assert sent[2] == "http://localhost/api/Appointments"
    assert f" {sent[2]} " in curl and sent[1] in curl


def test_of_all_commands_the_first_is_unfolded(client: FlaskClient) -> None:
    text = client.get("/_portal/page/how").get_data(as_text=True)
    assert re.findall(r"<details( open)?><summary>([^<]*)</summary>", text) == [
        (" open", "POST api/Appointments with curl"),
        ("", "POST api/Appointments in PowerShell"),
    ]
