"""What HubSpot and browsers do to the deployed system: health, installation through OAuth, signed webhooks, workflow actions.

Signatures are made here by themselves, after HubSpot's documentation, so that the system is not checked against its own code.
"""

import base64
import hashlib
import hmac
import http.client
import json
import time
import urllib.parse

from processes import wait_for

# What HubSpot is told to call. Signatures are made over this address; the emulator's own is another one.
PUBLIC = "https://kleer.example"
CLIENT_SECRET = "demo-secret"
APP_ID, CLIENT_ID = "1000001", "demo-client"


class Api:
    """The deployed HTTP API, reached through the emulator's gateway."""

    def __init__(self, endpoint, api):
        self.host = endpoint.removeprefix("http://")
        self.prefix = f"/_aws/execute-api/{api}/$default"

    def call(self, method, path, body=b"", headers=None):
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            connection.request(method, self.prefix + path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def signed(self, path, body, secret=CLIENT_SECRET, at=None):
        """As HubSpot calls: v3, over method, public address, body and time."""
        stamp = str(int((at or time.time()) * 1000))
        source = f"POST{PUBLIC}{path}{body.decode()}{stamp}"
        signature = base64.b64encode(hmac.new(secret.encode(), source.encode(), hashlib.sha256).digest()).decode()
        headers = {"content-type": "application/json", "x-hubspot-signature-v3": signature,
                   "x-hubspot-request-timestamp": stamp}
        return self.call("POST", path, body, headers)


def expect(what, found, wanted):
    if found != wanted:
        raise SystemExit(f"{what}: {found!r} instead of {wanted!r}")


def consented(api, hubspot):
    """Our start page and HubSpot's consent; answers the browser's cookie, and where HubSpot sends the browser back to."""
    status, headers, _ = api.call("GET", "/oauth/start")
    expect("GET /oauth/start", status, 302)
    consent = urllib.parse.urlsplit(headers["location"])
    expect("the consent page", f"{consent.scheme}://{consent.netloc}", hubspot)
    connection = http.client.HTTPConnection(consent.netloc, timeout=30)
    connection.request("GET", f"{consent.path}?{consent.query}")
    back = connection.getresponse().headers["location"]
    connection.close()
    if not back.startswith(f"{PUBLIC}/oauth/callback?"):
        raise SystemExit(f"HubSpot sends the browser to {back}")
    return headers["set-cookie"].split(";")[0], back.removeprefix(PUBLIC)


def install(api, hubspot):
    """A browser installs the app: our start page, HubSpot's consent, our callback."""
    expect("GET /health", api.call("GET", "/health")[0], 200)
    _, callback = consented(api, hubspot)
    expect("a callback in another browser", api.call("GET", callback)[0] in (400, 401, 403), True)
    cookie, callback = consented(api, hubspot)
    status, _, page = api.call("GET", callback, headers={"cookie": cookie})
    expect(f"the callback ({page[:200]!r})", status in (200, 302), True)
    expect("the same callback again", api.call("GET", callback, headers={"cookie": cookie})[0] in (400, 401, 403), True)
    print("  installed through OAuth: start, consent, callback; refused: a callback of another browser, and one used twice")


def webhook(api, http_json, hubspot, kleer, portal, company):
    """A person renames a company in HubSpot; HubSpot tells us; Kleer has the new name."""
    records = http_json("GET", f"{hubspot}/_sim/records/companies")
    record = next(one for one in records.get("results", records) if one["properties"].get("kleer_id"))
    record_id, kleer_id = record["id"], record["properties"]["kleer_id"]
    name = "Omdöpt i HubSpot AB"
    http_json("PATCH", f"{hubspot}/_sim/records/companies/{record_id}", {"properties": {"name": name}})
    events = json.dumps([{
        "eventId": 1, "subscriptionId": 1, "portalId": portal, "appId": int(APP_ID), "occurredAt": int(time.time() * 1000),
        "subscriptionType": "object.propertyChange", "attemptNumber": 0, "objectId": int(record_id), "objectTypeId": "0-2",
        "propertyName": "name", "propertyValue": name, "changeSource": "CRM_UI", "sourceId": "userId:501",
    }]).encode()
    expect("a forged webhook", api.signed("/webhooks/hubspot", events, secret="another")[0], 401)
    expect("a webhook of six minutes ago", api.signed("/webhooks/hubspot", events, at=time.time() - 360)[0], 401)
    began = time.monotonic()
    expect("a signed webhook", api.signed("/webhooks/hubspot", events)[0], 200)
    client = f"{kleer}/_sim/company/{company}/client/{kleer_id}"
    wait_for("the new name in Kleer", lambda: http_json("GET", client)["name"] == name, 120)
    print(f"  a company renamed in HubSpot: client {kleer_id} has the new name in Kleer, {time.monotonic() - began:.0f} s after the webhook")


def action(api, http_json, hubspot, kleer, portal, company):
    """A workflow makes a client in Kleer of a company in HubSpot; asked again, it says that it is there."""
    created = http_json("POST", f"{hubspot}/_sim/records/companies", {"properties": {"name": "Nykund AB"}})
    record_id = created["id"]

    def call(execution):
        body = json.dumps({
            "callbackId": f"ap-{portal}-{execution}-1-0",
            "origin": {"portalId": portal, "userId": None, "actionDefinitionId": 7001, "actionDefinitionVersion": 1},
            "context": {"workflowId": 8001, "actionId": 1, "source": "WORKFLOWS"},
            "object": {"objectId": int(record_id), "objectType": "COMPANY"},
            "fields": {}, "inputFields": {}, "typedInputs": {},
        }).encode()
        status, _, answer = api.signed("/actions/create-client", body)
        return status, json.loads(answer or b"{}").get("outputFields", {})

    status, outputs = call(1)
    expect("create-client", (status, outputs.get("result")), (200, "created"))
    kleer_id = outputs["kleer_client_id"] if "kleer_client_id" in outputs else outputs["kleer_id"]
    expect("the client in Kleer", http_json("GET", f"{kleer}/_sim/company/{company}/client/{kleer_id}")["name"], "Nykund AB")
    record = http_json("GET", f"{hubspot}/_sim/records/companies/{record_id}")
    expect("the company's kleer_id", record["properties"].get("kleer_id"), kleer_id)
    expect("create-client again", call(2)[1].get("result"), "skipped")
    print(f"  a workflow made client {kleer_id} in Kleer of company {record_id}; asked again, it said so")


def guide(api):
    """Somebody reads the user guide: unsigned, in the browser's language."""
    status, headers, page = api.call("GET", "/docs", headers={"accept-language": "sv-SE,sv;q=0.9"})
    expect("GET /docs", (status, headers["content-language"]), (200, "sv"))
    status, headers, page = api.call("GET", "/docs/en/clients")
    expect("GET /docs/en/clients", (status, headers["content-type"]), (200, "text/html; charset=utf-8"))
    if "<h1>Clients</h1>" not in page.decode() or "default-src 'none'" not in headers["content-security-policy"]:
        raise SystemExit(f"the guide shows {page[:200]!r}")
    expect("GET /docs/style.css", api.call("GET", "/docs/style.css")[0], 200)
    expect("HEAD /docs/sv/terms", api.call("HEAD", "/docs/sv/terms")[0], 200)
    expect("a page that there is not", api.call("GET", "/docs/en/nothing")[0], 404)
    print("  the user guide was read in both languages")


def settings(api, portal):
    """The settings page asks how the portal stands."""
    query = f"?portalId={portal}&userId=501&userEmail=anna%40example.com&appId={APP_ID}"
    body = json.dumps({"request": "edge-1"}).encode()
    status, _, answer = api.signed(f"/settings/overview{query}", body)
    overview = json.loads(answer)
    expect("the overview", (status, overview.get("ok")), (200, True))
    if "demo-key" in answer.decode():
        raise SystemExit("the settings API gives Kleer's key away")
    forged = api.signed(f"/settings/overview{query.replace(str(portal), '4243')}", body, secret="another")
    expect("a forged request of the page", forged[0], 401)
    print("  the settings page was told how its portal stands")
