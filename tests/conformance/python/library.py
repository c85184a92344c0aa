"""HubSpot's own client library for Python against a pretend HubSpot.

    python tests/conformance/python/library.py --hubspot http://127.0.0.1:8082

The library checks what it is answered: a member that its models require and that is missing, or an enumeration's unknown value,
is an error of its own. One line per thing that was tried; exit 1 if any of it went otherwise than with the real service.
"""

import argparse
import http.server
import json
import sys
import threading
import time
import urllib.request

import hubspot
from hubspot.crm import associations, objects, properties
from hubspot.oauth import ApiException as OauthException
from hubspot.utils.signature import Signature
from urllib3.util.retry import Retry

CLIENT = {"client_id": "demo-client", "client_secret": "demo-secret"}
REDIRECT = "https://kleer.example/oauth/callback"
TOKEN = "demo-app-token"
TRIALS = []


def trial(what):
    def add(function):
        TRIALS.append((what, function))
        return function
    return add


class Portal:
    """The pretend HubSpot, and the library over it."""

    def __init__(self, address):
        self.address = address
        self.client = self.with_token(TOKEN)

    def with_token(self, token, **more):
        return hubspot.HubSpot(access_token=token, host=self.address, **more)

    def control(self, method, path, value=None):
        body = None if value is None else json.dumps(value).encode()
        request = urllib.request.Request(self.address + path, data=body, method=method,
                                         headers={"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def unexpected(self):
        """What a correct client would not have sent, and whoever looks forgets it."""
        found = self.control("GET", "/_sim/unexpected")["results"]
        self.control("DELETE", "/_sim/requests")
        return found


def expect(what, found, wanted):
    if found != wanted:
        raise AssertionError(f"{what}: {found!r} instead of {wanted!r}")


def refused(status, call, *arguments, **named):
    """What the library makes of a refusal: its exception, with the status, and the body as JSON."""
    try:
        call(*arguments, **named)
    except Exception as error:  # every part of the library has a class of its own
        expect("the status", getattr(error, "status", error), status)
        return error, json.loads(error.body)
    raise AssertionError(f"was not refused with {status}")


def soon(what, look):
    """What is found within five seconds: search and new properties lag (contract hubspot-crm §5, §7)."""
    end = time.monotonic() + 5
    while not (found := look()):
        if time.monotonic() > end:
            raise AssertionError(f"after five seconds there is still no {what}")
        time.sleep(0.2)
    return found


def company(portal, **values):
    made = objects.SimplePublicObjectInputForCreate(properties=values, associations=[])
    return portal.client.crm.objects.basic_api.create("companies", made)


@trial("OAuth: a code for tokens, who it is, refresh, a dead refresh token, a dead code")
def oauth(portal):
    code = portal.control("POST", "/_sim/oauth/codes", {"redirect_uri": REDIRECT})["code"]
    tokens = hubspot.HubSpot(host=portal.address).oauth.tokens_api
    granted = tokens.create(grant_type="authorization_code", code=code, redirect_uri=REDIRECT, **CLIENT)
    expect("token type and life", (granted.token_type, granted.expires_in), ("bearer", 1800))
    known = portal.client.oauth.access_tokens_api.get(granted.access_token)
    expect("hub, app and kind", (known.hub_id, known.app_id, known.token_type), (4242, 1000001, "access"))
    renewed = tokens.create(grant_type="refresh_token", refresh_token=granted.refresh_token, **CLIENT)
    expect("the refresh token", renewed.refresh_token, granted.refresh_token)
    portal.with_token(renewed.access_token).crm.companies.basic_api.get_page(limit=1)
    for wrong, status in [({"grant_type": "refresh_token", "refresh_token": "na1-dead"}, "BAD_REFRESH_TOKEN"),
                          ({"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}, "BAD_AUTH_CODE")]:
        error, body = refused(400, tokens.create, **wrong, **CLIENT)
        expect("class, error and status", (type(error), body["error"], body["status"]),
               (OauthException, "invalid_grant", status))


@trial("a token that nobody knows: 401")
def unknown_token(portal):
    _, body = refused(401, portal.with_token("nobody").crm.companies.basic_api.get_page)
    expect("the category", body["category"], "INVALID_AUTHENTICATION")


@trial("properties: group, create, read, list, the same again (409), an unknown one (404), batches")
def own_properties(portal):
    api = portal.client.crm.properties
    group = api.groups_api.create("companies", properties.PropertyGroupCreate(name="kleer", label="Kleer", display_order=-1))
    expect("the group", (group.name, group.archived), ("kleer", False))
    new = properties.PropertyCreate(name="kleer_id", label="Kleer id", type="string", field_type="text", group_name="kleer",
                                    has_unique_value=True)
    made = api.core_api.create("companies", new)
    expect("the property", (made.name, made.type, made.field_type, made.has_unique_value), ("kleer_id", "string", "text", True))
    soon("kleer_id", lambda: any(one.name == "kleer_id" for one in api.core_api.get_all("companies").results))
    found = api.core_api.get_by_name("companies", "kleer_id")
    expect("writable", found.modification_metadata.read_only_value, False)
    _, body = refused(409, api.core_api.create, "companies", new)
    expect("category and sub-category", (body["category"], body["subCategory"]),
           ("OBJECT_ALREADY_EXISTS", "Properties.PROPERTY_WITH_NAME_EXISTS"))
    refused(404, api.core_api.get_by_name, "companies", "kleer_nothing")
    more = [properties.PropertyCreate(name=f"kleer_{name}", label=name, type=kind, field_type=field, group_name="kleer")
            for name, kind, field in [("amount", "number", "number"), ("date", "date", "date")]]
    batch = api.batch_api.create("companies", properties.BatchInputPropertyCreate(inputs=more))
    expect("the batch", sorted(one.name for one in batch.results), ["kleer_amount", "kleer_date"])
    wanted = properties.BatchReadInputPropertyName(archived=False, inputs=[properties.PropertyName(name="kleer_id")])
    soon("kleer_amount", lambda: any(one.name == "kleer_amount" for one in api.core_api.get_all("companies").results))
    expect("read in a batch", [one.name for one in api.batch_api.read("companies", wanted).results], ["kleer_id"])


@trial("records: create, get, update, clear, list by pages, archive, what is archived, what is gone (404)")
def records(portal):
    api = portal.client.crm.companies.basic_api
    made = [company(portal, name=f"Bolag {number}", phone="08-1") for number in range(3)]
    one = api.get_by_id(made[0].id, properties=["name", "phone"])
    expect("name and phone", (one.properties["name"], one.properties["phone"]), ("Bolag 0", "08-1"))
    from hubspot.crm.companies import SimplePublicObjectInput
    updated = api.update(made[0].id, SimplePublicObjectInput(properties={"name": "Bolag noll", "phone": ""}))
    expect("the new name", updated.properties["name"], "Bolag noll")
    expect("a cleared value", api.get_by_id(made[0].id, properties=["phone"]).properties.get("phone") or None, None)
    names = [one.properties["name"] for one in portal.client.crm.companies.get_all(properties=["name"])]
    expect("all by pages", {"Bolag noll", "Bolag 1", "Bolag 2"} <= set(names), True)
    first = api.get_page(limit=1)
    second = api.get_page(limit=1, after=first.paging.next.after)
    expect("two pages", (len(first.results), len(second.results), first.results[0].id == second.results[0].id), (1, 1, False))
    api.archive(made[2].id)
    refused(404, api.get_by_id, made[2].id)
    expect("archived", made[2].id in [one.id for one in api.get_page(archived=True, limit=100).results], True)


@trial("batches: upsert with a mixed result (207), again without change, read with one missing (207), update, archive")
def batches(portal):
    api = portal.client.crm.objects.batch_api
    upsert = lambda values: objects.BatchInputSimplePublicObjectBatchInputUpsert(inputs=[
        objects.SimplePublicObjectBatchInputUpsert(id=id, id_property="kleer_id", object_write_trace_id=f"trace-{id}",
                                                   properties=properties) for id, properties in values])
    mixed = api.upsert("companies", upsert([("1", {"name": "Ett"}), ("2", {"name": "Två", "kleer_nothing": "x"})]))
    expect("the model", type(mixed).__name__, "BatchResponseSimplePublicUpsertObjectWithErrors")
    expect("status, results and errors", (mixed.status, len(mixed.results), mixed.num_errors), ("COMPLETE", 1, 1))
    expect("new", (mixed.results[0].new, mixed.results[0].properties["kleer_id"]), (True, "1"))
    error = mixed.errors[0]
    expect("the error", (error.status, error.category, error.context["objectWriteTraceId"]),
           ("error", "VALIDATION_ERROR", ["trace-2"]))
    whole = api.upsert("companies", upsert([("1", {"name": "Ett"}), ("2", {"name": "Två"})]))
    expect("the model", type(whole).__name__, "BatchResponseSimplePublicUpsertObject")
    expect("new", {one.properties["kleer_id"]: one.new for one in whole.results}, {"1": False, "2": True})
    ids = {one.properties["kleer_id"]: one.id for one in whole.results}
    read = lambda ids: objects.BatchReadInputSimplePublicObjectId(
        inputs=[objects.SimplePublicObjectId(id=id) for id in ids], properties=["name"], properties_with_history=[])
    found = api.read("companies", read([ids["1"], "999999"]))
    expect("read", ([one.id for one in found.results], found.num_errors, found.errors[0].category),
           ([ids["1"]], 1, "OBJECT_NOT_FOUND"))
    changed = api.update("companies", objects.BatchInputSimplePublicObjectBatchInput(inputs=[
        objects.SimplePublicObjectBatchInput(id=ids["2"], properties={"name": "Två AB"})]))
    expect("update", changed.results[0].properties["name"], "Två AB")
    api.archive("companies", objects.BatchInputSimplePublicObjectId(inputs=[objects.SimplePublicObjectId(id=ids["2"])]))
    expect("after archive", api.read("companies", read([ids["2"]])).results, [])
    _, body = refused(400, api.upsert, "companies", objects.BatchInputSimplePublicObjectBatchInputUpsert(inputs=[
        objects.SimplePublicObjectBatchInputUpsert(id="x", id_property="name", properties={"phone": "1"})]))
    expect("a property that is not unique", body["category"], "VALIDATION_ERROR")


@trial("associations v4: default, labelled, in batches, read, the labels, archive")
def association(portal):
    api, v4 = portal.client.crm.associations.v4, associations.v4
    firm = company(portal, name="Moder").id
    basic = portal.client.crm.objects.basic_api
    stage = portal.client.crm.pipelines.pipelines_api.get_all("deals").results[0]
    deal = lambda name: basic.create("deals", objects.SimplePublicObjectInputForCreate(associations=[], properties={
        "dealname": name, "pipeline": stage.id, "dealstage": stage.stages[0].id})).id
    one, two = deal("Ett"), deal("Två")
    linked = api.basic_api.create_default("deals", one, "companies", firm)
    expect("default", {(spec.association_spec.association_type_id) for spec in linked.results} >= {341}, True)
    labelled = api.basic_api.create("deals", two, "companies", firm, [
        v4.AssociationSpec(association_category="HUBSPOT_DEFINED", association_type_id=5)])
    expect("labelled", (str(labelled.from_object_id), str(labelled.to_object_id)), (two, firm))
    types = lambda deal: sorted(kind.type_id for to in api.basic_api.get_page("deals", deal, "companies").results
                                for kind in to.association_types)
    expect("types of the labelled one", 5 in types(two), True)
    batch = api.batch_api.get_page("deals", "companies", v4.BatchInputPublicFetchAssociationsBatchRequest(inputs=[
        v4.PublicFetchAssociationsBatchRequest(id=one), v4.PublicFetchAssociationsBatchRequest(id=two)]))
    expect("read in a batch", {row._from.id: [str(to.to_object_id) for to in row.to] for row in batch.results},
           {one: [firm], two: [firm]})
    pair = {"_from": v4.PublicObjectId(id=one), "to": v4.PublicObjectId(id=firm)}
    api.batch_api.create_default("deals", "companies", v4.BatchInputPublicDefaultAssociationMultiPost(
        inputs=[v4.PublicDefaultAssociationMultiPost(**pair)]))
    made = api.batch_api.create("deals", "companies", v4.BatchInputPublicAssociationMultiPost(inputs=[
        v4.PublicAssociationMultiPost(**pair, types=[
            v4.AssociationSpec(association_category="HUBSPOT_DEFINED", association_type_id=5)])]))
    expect("created in a batch", [str(row.to_object_id) for row in made.results], [firm])
    labels = api.schema.definitions_api.get_all("deals", "companies").results
    expect("labels", {341, 5} <= {label.type_id for label in labels}, True)
    _, body = refused(400, api.basic_api.create, "deals", one, "companies", firm, [
        v4.AssociationSpec(association_category="HUBSPOT_DEFINED", association_type_id=342)])
    expect("the wrong direction", body["category"], "VALIDATION_ERROR")
    api.basic_api.archive("deals", one, "companies", firm)
    expect("after archive", types(one), [])


@trial("search: filters, sorting, pages, too many at once (400)")
def search(portal):
    made = [company(portal, name=f"Sökt {number}", city="Kiruna").id for number in range(5)]
    api = portal.client.crm.objects.search_api
    ask = lambda limit=10, after="0", values=("Kiruna",): objects.PublicObjectSearchRequest(
        filter_groups=[objects.FilterGroup(filters=[
            objects.Filter(property_name="city", operator="EQ", value=values[0]),
            objects.Filter(property_name="name", operator="CONTAINS_TOKEN", value="Sökt")])],
        sorts=["name"], properties=["name"], limit=limit, after=after)

    def all_there():
        time.sleep(0.3)
        return api.do_search("companies", ask()).total == 5
    soon("five hits", all_there)
    time.sleep(1)
    first = api.do_search("companies", ask(limit=2))
    second = api.do_search("companies", ask(limit=2, after=first.paging.next.after))
    third = api.do_search("companies", ask(limit=2, after=second.paging.next.after))
    found = [one.id for page in (first, second, third) for one in page.results]
    expect("ids by name, page by page", (found, third.paging, first.total), (made, None, 5))
    expect("nothing", api.do_search("companies", ask(values=("Lund",))).results, [])
    time.sleep(1)
    _, body = refused(400, api.do_search, "companies", ask(limit=201))
    expect("the category", body["category"], "VALIDATION_ERROR")


@trial("invoices, line items, subscriptions, projects, products as records; pipelines; owners")
def money(portal):
    basic = portal.client.crm.objects.basic_api
    create = lambda kind, values: basic.create(kind, objects.SimplePublicObjectInputForCreate(properties=values, associations=[]))
    product = create("products", {"name": "Timme", "price": "950.00"})
    line = portal.client.crm.line_items.basic_api.get_by_id(
        create("line_items", {"name": "Timme", "quantity": "2", "price": "950", "hs_product_id": product.id}).id,
        properties=["name", "price", "quantity"])
    expect("the line item", line.properties["name"], "Timme")
    invoice = create("invoices", {"hs_currency": "SEK", "hs_invoice_billable": "false"})
    portal.client.crm.associations.v4.basic_api.create_default("line_items", line.id, "invoices", invoice.id)
    change = objects.SimplePublicObjectInput(properties={"hs_invoice_status": "open"})
    expect("an open invoice", basic.update("invoices", invoice.id, change).properties["hs_invoice_status"], "open")
    read = portal.client.crm.commerce.invoices.basic_api.get_by_id(
        invoice.id, properties=["hs_amount_billed", "hs_invoice_billable"], associations=["line_items"])
    expect("its sum", (float(read.properties["hs_amount_billed"]), read.properties["hs_invoice_billable"]), (1900.0, "false"))
    expect("its line items", [one.id for row in read.associations.values() for one in row.results], [line.id])
    subscription = create("subscriptions", {"hs_name": "Avtal", "hs_invoice_creation": "off", "hs_currency_code": "SEK"})
    expect("the subscription", basic.get_by_id("subscriptions", subscription.id, properties=["hs_invoice_creation"])
           .properties["hs_invoice_creation"], "off")
    pipeline = portal.client.crm.pipelines.pipelines_api.get_all("projects").results[0]
    project = create("projects", {"hs_name": "Bygge", "hs_pipeline": pipeline.id, "hs_pipeline_stage": pipeline.stages[0].id})
    expect("the project", basic.get_by_id("projects", project.id, properties=["hs_name"]).properties["hs_name"], "Bygge")
    _, body = refused(400, create, "invoices", {"hs_title": "no currency"})
    expect("an invoice without currency", body["category"], "VALIDATION_ERROR")
    expect("owners", [one.email for one in portal.client.crm.owners.owners_api.get_page().results] != [], True)


@trial("a call that is refused for its rate (429) and tried again by the library; the headers of an ordinary one")
def rate(portal):
    portal.control("DELETE", "/_sim/requests")
    rule = {"match": {"path_contains": "/companies"}, "times": 2, "fault": {"rate_limited": {}}}
    portal.control("PUT", "/_sim/faults", {"seed": 1, "rules": [rule]})
    _, body = refused(429, portal.client.crm.companies.basic_api.get_page)
    expect("the body", (body["errorType"], body["policyName"], body["message"]),
           ("RATE_LIMIT", "TEN_SECONDLY_ROLLING", "You have reached your ten_secondly_rolling limit."))
    patient = portal.with_token(TOKEN, retry=Retry(total=5, status_forcelist=(429,), backoff_factor=0.1))
    page, status, headers = patient.crm.companies.basic_api.get_page_with_http_info(limit=1)
    expect("after a second try", (status, len(page.results)), (200, 1))
    expect("budget", (headers["X-HubSpot-RateLimit-Max"], headers["X-HubSpot-RateLimit-Interval-Milliseconds"]), ("110", "10000"))
    statuses = [one["status"] for one in portal.control("GET", "/_sim/requests")["results"]]
    expect("what was answered", statuses, [429, 429, 200])
    portal.control("PUT", "/_sim/faults/none")


@trial("signatures: a webhook (v3 and v1) and a workflow action (v3 and v2) as the library checks them; forged ones")
def signatures(portal):
    heard = []

    class App(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            heard.append((self.path, dict((name.lower(), value) for name, value in self.headers.items()), body))
            answer = b'{"outputFields":{"result":"created"}}'
            self.send_response(200)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        portal.control("POST", "/_sim/calls", {"base": base})
        made = portal.control("POST", "/_sim/records/companies", {"properties": {"name": "Signerat ÅÄÖ"}})
        portal.control("POST", "/_sim/workflows/enrol", {"object_type": "companies", "record": int(made["id"]),
                                                        "action": "create-client", "fields": {}})
        of = lambda path: [one for one in heard if one[0] == path]
        path, headers, body = soon("webhook", lambda: of("/webhooks/hubspot"))[0]
        secret = CLIENT["client_secret"]
        check = lambda headers, body, path: Signature.is_valid(
            headers["x-hubspot-signature-v3"], secret, body, base + path, "POST", "v3", headers["x-hubspot-request-timestamp"])
        expect("the webhook, v3", check(headers, body, path), True)
        expect("the webhook, v1", Signature.is_valid(headers["x-hubspot-signature"], secret, body, signature_version="v1"), True)
        expect("another body", check(headers, body + " ", path), False)
        expect("another address", check(headers, body, path + "/"), False)
        path, headers, body = soon("action", lambda: of("/actions/create-client"))[0]
        expect("the action, v3", check(headers, body, path), True)
        expect("the action, v2", Signature.is_valid(headers["x-hubspot-signature"], secret, body, base + path, "POST", "v2"), True)
    finally:
        server.shutdown()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--hubspot", required=True, help="address of the pretend HubSpot")
    portal = Portal(parser.parse_args().hubspot)
    passed = 0
    for what, function in TRIALS:
        try:
            function(portal)
            expect("requests that a correct client would not send", portal.unexpected(), [])
            passed += 1
            print(f"  ok      {what}")
        except Exception as error:
            print(f"  FAILED  {what}\n            {type(error).__name__}: {error}")
    failed = len(TRIALS) - passed
    print(f"library for Python: {passed} passed, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
