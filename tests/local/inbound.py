"""HubSpot speaks to the running demo: `cargo local` as a person starts it, and signed webhooks from this script.

    python tests/local/inbound.py --binary target/debug/local

The signature is made here by itself, after HubSpot's documentation, so that the product is not checked against its own code.
Everything listens on loopback and ends with this process.
"""

import argparse
import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import socket
import subprocess
import sys
import time

PORTAL, APP_ID, CLIENT_SECRET = 4242, 1000001, "demo-secret"
PATH = "/webhooks/hubspot"
PATIENCE_S = 60


class Demo:
    """The demo's three ports."""

    def __init__(self, port):
        self.own, self.kleer, self.hubspot = port, port + 1, port + 2

    def call(self, port, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        return answer.status, text

    def control(self, port, method, path, value=None):
        body = None if value is None else json.dumps(value)
        status, text = self.call(port, method, path, body, {"content-type": "application/json"})
        if status >= 300:
            raise SystemExit(f"{method} {path}: {status} {text[:200]!r}")
        return json.loads(text) if text else None

    def webhook(self, events, secret=CLIENT_SECRET, late_s=0, path=PATH):
        """Posts events as HubSpot does, with a v3 signature; the status of the answer."""
        body = json.dumps(events)
        stamp = str(int((time.time() - late_s) * 1000))
        source = f"POSThttp://127.0.0.1:{self.own}{path}{body}{stamp}"
        signature = base64.b64encode(hmac.new(secret.encode(), source.encode(), hashlib.sha256).digest()).decode()
        headers = {"content-type": "application/json", "x-hubspot-signature-v3": signature,
                   "x-hubspot-request-timestamp": stamp}
        return self.call(self.own, "POST", path, body, headers)[0]

    def client(self, kleer_id):
        return self.control(self.kleer, "GET", f"/_sim/company/1/client/{kleer_id}")["name"]

    def rename(self, company, name):
        """A person renames a company in HubSpot."""
        self.control(self.hubspot, "PATCH", f"/_sim/records/companies/{company}", {"properties": {"name": name}})


def event(company, **more):
    return {"eventId": 1, "subscriptionId": 610001, "portalId": PORTAL, "appId": APP_ID, "occurredAt": int(time.time() * 1000),
            "subscriptionType": "company.propertyChange", "attemptNumber": 0, "objectId": company, "propertyName": "name",
            "propertyValue": "not to be trusted", "changeSource": "CRM_UI", "sourceId": "userId:501", **more}


def expect(what, found, wanted):
    if found != wanted:
        raise SystemExit(f"{what}: {found!r} instead of {wanted!r}")


def wait_for(what, look, wanted):
    """Looks again and again, for a minute at most."""
    end = time.monotonic() + PATIENCE_S
    while (found := look()) != wanted:
        if time.monotonic() > end:
            raise SystemExit(f"{what}: still {found!r} instead of {wanted!r} after {PATIENCE_S} s")
        time.sleep(0.1)


def free_ports():
    """The first of three ports in a row that nobody listens on."""
    for port in range(18080, 18980, 10):
        with contextlib.ExitStack() as sockets:
            try:
                for one in range(port, port + 3):
                    sockets.enter_context(socket.socket()).bind(("127.0.0.1", one))
            except OSError:
                continue
            return port
    raise SystemExit("no three free ports in a row")


def bound(demo):
    """Companies that came from Kleer, as pairs of the ids in HubSpot and in Kleer."""
    records = demo.control(demo.hubspot, "GET", "/_sim/records/companies")["results"]
    return [(int(record["id"]), int(record["properties"]["kleer_id"])) for record in records]


def check(demo):
    companies = bound(demo)
    expect("bound companies", len(companies), 5)
    (one, one_in_kleer), (other, other_in_kleer) = companies[:2]
    # From now on the pretend HubSpot tells nothing by itself.
    demo.control(demo.hubspot, "PUT", "/_sim/webhooks", {"lost": 1000})
    before = demo.client(one_in_kleer)
    demo.rename(one, "Omdöpt i HubSpot AB")
    for what, status, wanted in [
        ("a wrong signature", demo.webhook([event(one)], secret="guessed"), 401),
        ("a signature of six minutes ago", demo.webhook([event(one)], late_s=360), 401),
        ("a signature for another address", demo.webhook([event(one)], path=f"{PATH}/"), 404),
        ("no signature", demo.call(demo.own, "POST", PATH, json.dumps([event(one)]))[0], 401),
        ("an echo of our own", demo.webhook([event(one, changeSource="INTEGRATION", sourceId=str(APP_ID))]), 200),
        ("a portal that nobody knows", demo.webhook([event(one, portalId=1)]), 200),
    ]:
        expect(what, status, wanted)
    # Told of the other company, it looks at the other alone.
    demo.rename(other, "Även omdöpt AB")
    expect("a signed webhook", demo.webhook([event(other)]), 200)
    wait_for("the other client's name in Kleer", lambda: demo.client(other_in_kleer), "Även omdöpt AB")
    expect("the client that nobody told of", demo.client(one_in_kleer), before)
    expect("a signed webhook", demo.webhook([event(one)]), 200)
    wait_for("the client's name in Kleer", lambda: demo.client(one_in_kleer), "Omdöpt i HubSpot AB")
    print("  a signed webhook of this script renamed a client in Kleer; forged, late and unsigned ones got 401 and did nothing")
    demo.control(demo.hubspot, "PUT", "/_sim/webhooks", {"lost": 0})
    demo.rename(one, "Omdöpt igen AB")
    wait_for("the client's name in Kleer", lambda: demo.client(one_in_kleer), "Omdöpt igen AB")
    print("  the pretend HubSpot told of a rename by itself")
    workflow(demo)
    expect("unexpected requests to Kleer", demo.control(demo.kleer, "GET", "/_sim/unexpected"), [])
    expect("unexpected requests to HubSpot", demo.control(demo.hubspot, "GET", "/_sim/unexpected")["results"], [])


def action(demo, name, deal, execution):
    """Posts a workflow action as HubSpot does, signed v3; status and outputs."""
    path = f"/actions/{name}"
    body = json.dumps({
        "callbackId": f"ap-{PORTAL}-900{execution}-1-0",
        "origin": {"portalId": PORTAL, "userId": None, "actionDefinitionId": 7001, "actionDefinitionVersion": 1},
        "context": {"workflowId": 8001, "actionId": 1, "source": "WORKFLOWS"},
        "object": {"objectId": deal, "objectType": "DEAL"}, "fields": {}, "inputFields": {}, "typedInputs": {},
    })
    stamp = str(int(time.time() * 1000))
    source = f"POSThttp://127.0.0.1:{demo.own}{path}{body}{stamp}"
    signature = base64.b64encode(hmac.new(CLIENT_SECRET.encode(), source.encode(), hashlib.sha256).digest()).decode()
    headers = {"content-type": "application/json", "x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": stamp}
    status, text = demo.call(demo.own, "POST", path, body, headers)
    return status, json.loads(text or b"{}").get("outputFields", {})


def workflow(demo):
    """A workflow makes an invoice of a deal of the demo, once."""
    deal = demo.control(demo.hubspot, "GET", "/_sim/records/deals")["results"][0]["id"]
    status, outputs = action(demo, "create-invoice", deal, 1)
    expect("create-invoice", (status, outputs.get("result")), (200, "created"))
    kleer_id = outputs["kleer_invoice_id"]
    draft = demo.control(demo.kleer, "GET", f"/_sim/company/1/invoice/{kleer_id}")
    expect("rows of the draft", [len(rows) for rows in draft["rows"].values()], [2])
    record = lambda: demo.control(demo.hubspot, "GET", f"/_sim/records/deals/{deal}")
    expect("the deal's kleer_invoice_id", record()["properties"].get("kleer_invoice_id"), kleer_id)

    def shown():
        invoices = demo.control(demo.hubspot, "GET", "/_sim/records/invoices")["results"]
        ours = [one["id"] for one in invoices if one["properties"].get("kleer_id") == kleer_id]
        if not ours:
            return None
        detail = json.dumps(demo.control(demo.hubspot, "GET", f"/_sim/records/invoices/{ours[0]}")["associations"])
        return "companies" in detail and "deals" in detail or "0-2" in detail and "0-3" in detail

    wait_for("the draft in HubSpot, associated with company and deal", shown, True)
    for what, execution in [("the same call again", 1), ("the deal enrolled again", 2)]:
        status, outputs = action(demo, "create-invoice", deal, execution)
        expect(what, (status, outputs.get("result"), outputs.get("kleer_invoice_id")), (200, "skipped", kleer_id))
    drafts = demo.control(demo.hubspot, "GET", "/_sim/records/invoices")["results"]
    expect("invoices of that Kleer id in HubSpot", sum(one["properties"].get("kleer_id") == kleer_id for one in drafts), 1)
    print(f"  a workflow action of this script made draft {kleer_id} in Kleer of deal {deal}; it is in HubSpot with company and deal;"
          " the same call again was skipped")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    demo = Demo(free_ports())
    command = [parser.parse_args().binary, "demo", "--port", str(demo.own), "--clients", "5", "--products", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            lines = []
            for line in process.stdout:
                lines.append(line)
                if line.startswith("Going on"):
                    break
            else:
                raise SystemExit("the demo ended: " + "".join(lines))
            expect("GET /health", demo.call(demo.own, "GET", "/health"), (200, b"ok\n"))
            check(demo)
        finally:
            process.terminate()
            process.wait(timeout=30)
    return 0


if __name__ == "__main__":
    sys.exit(main())
