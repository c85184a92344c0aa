// HubSpot's own client library for Node against a pretend HubSpot.
//
//     node tests/conformance/node/library.mjs --hubspot http://127.0.0.1:8082
//
// One line per thing that was tried; exit 1 if any of it went otherwise than with the real service. 13.5 is the newest release for
// Node 20. It does not check its models, so what matters of them is compared here; the library for Python does.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { parseArgs } from "node:util";

import { Client, Signature } from "@hubspot/api-client";

const { hubspot: address } = parseArgs({ options: { hubspot: { type: "string" } } }).values;
const REDIRECT = "https://kleer.example/oauth/callback";
const TOKEN = "demo-app-token";
const [CLIENT, SECRET] = ["demo-client", "demo-secret"];

const library = (more = {}) => new Client({ accessToken: TOKEN, basePath: address, numberOfApiCallRetries: 1, ...more });
const client = library();

async function control(method, path, value) {
  const body = value === undefined ? undefined : JSON.stringify(value);
  const answer = await fetch(address + path, { method, body, headers: { "content-type": "application/json" } });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text && JSON.parse(text);
}

/** What the library makes of a refusal: the body of its exception. */
async function refused(status, call) {
  try {
    await call();
  } catch (error) {
    assert.equal(error.code, status, `${error}`);
    return error.body;
  }
  throw new Error(`was not refused with ${status}`);
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** What is found within five seconds: search and new properties lag (contract hubspot-crm §5, §7). */
async function soon(what, look) {
  for (const end = Date.now() + 5000; ; await pause(250)) {
    const found = await look();
    if (found) return found;
    assert.ok(Date.now() < end, `after five seconds there is still no ${what}`);
  }
}

const create = (type, properties) => client.crm.objects.basicApi.create(type, { properties, associations: [] });

const TRIALS = {
  async "OAuth: a code for tokens, who it is, refresh, a dead refresh token, a dead code"() {
    const { code } = await control("POST", "/_sim/oauth/codes", { redirect_uri: REDIRECT });
    const tokens = new Client({ basePath: address, numberOfApiCallRetries: 1 }).oauth.tokensApi;
    const exchange = () => tokens.create("authorization_code", code, REDIRECT, CLIENT, SECRET);
    const granted = await exchange();
    assert.deepEqual([granted.tokenType, granted.expiresIn], ["bearer", 1800]);
    const known = await client.oauth.accessTokensApi.get(granted.accessToken);
    assert.deepEqual([known.hubId, known.appId, known.tokenType], [4242, 1000001, "access"]);
    const refresh = (token) => tokens.create("refresh_token", undefined, undefined, CLIENT, SECRET, token);
    const renewed = await refresh(granted.refreshToken);
    assert.equal(renewed.refreshToken, granted.refreshToken);
    await library({ accessToken: renewed.accessToken }).crm.companies.basicApi.getPage(1);
    assert.equal((await refused(400, () => refresh("na1-dead"))).status, "BAD_REFRESH_TOKEN");
    assert.equal((await refused(400, exchange)).status, "BAD_AUTH_CODE");
  },

  async "a token that nobody knows: 401"() {
    const body = await refused(401, () => library({ accessToken: "nobody" }).crm.companies.basicApi.getPage());
    assert.equal(body.category, "INVALID_AUTHENTICATION");
  },

  async "properties: group, create, read, list, the same again (409), an unknown one (404), batches"() {
    const { coreApi, groupsApi, batchApi } = client.crm.properties;
    const group = await groupsApi.create("companies", { name: "kleer", label: "Kleer", displayOrder: -1 });
    assert.deepEqual([group.name, group.archived], ["kleer", false]);
    const property = { name: "kleer_id", label: "Kleer id", type: "string", fieldType: "text", groupName: "kleer", hasUniqueValue: true };
    const made = await coreApi.create("companies", property);
    assert.deepEqual([made.name, made.type, made.fieldType, made.hasUniqueValue], ["kleer_id", "string", "text", true]);
    assert.ok(made.createdAt instanceof Date && !Number.isNaN(made.createdAt.valueOf()), "a moment is read as one");
    const there = async (name) => (await coreApi.getAll("companies")).results.some((one) => one.name === name);
    await soon("kleer_id", () => there("kleer_id"));
    assert.equal((await coreApi.getByName("companies", "kleer_id")).modificationMetadata.readOnlyValue, false);
    const body = await refused(409, () => coreApi.create("companies", property));
    assert.deepEqual([body.category, body.subCategory], ["OBJECT_ALREADY_EXISTS", "Properties.PROPERTY_WITH_NAME_EXISTS"]);
    await refused(404, () => coreApi.getByName("companies", "kleer_nothing"));
    const inputs = [["amount", "number", "number"], ["date", "date", "date"]].map(([name, type, fieldType]) =>
      ({ name: `kleer_${name}`, label: name, type, fieldType, groupName: "kleer" }));
    const batch = await batchApi.create("companies", { inputs });
    assert.deepEqual(batch.results.map((one) => one.name).sort(), ["kleer_amount", "kleer_date"]);
    await soon("kleer_date", () => there("kleer_date"));
    const read = await batchApi.read("companies", { archived: false, dataSensitivity: "non_sensitive", inputs: [{ name: "kleer_id" }] });
    assert.deepEqual(read.results.map((one) => one.name), ["kleer_id"]);
  },

  async "records: create, get, update, clear, list by pages, archive, what is archived, what is gone (404)"() {
    const { basicApi, getAll } = client.crm.companies;
    const made = [];
    for (const number of [0, 1, 2]) made.push(await create("companies", { name: `Bolag ${number}`, phone: "08-1" }));
    const one = await basicApi.getById(made[0].id, ["name", "phone"]);
    assert.deepEqual([one.properties.name, one.properties.phone], ["Bolag 0", "08-1"]);
    const updated = await basicApi.update(made[0].id, { properties: { name: "Bolag noll", phone: "" } });
    assert.equal(updated.properties.name, "Bolag noll");
    assert.equal((await basicApi.getById(made[0].id, ["phone"])).properties.phone || null, null);
    const names = (await getAll.call(client.crm.companies, 2, undefined, ["name"])).map((company) => company.properties.name);
    for (const name of ["Bolag noll", "Bolag 1", "Bolag 2"]) assert.ok(names.includes(name), name);
    await basicApi.archive(made[2].id);
    await refused(404, () => basicApi.getById(made[2].id));
    const archived = await basicApi.getPage(100, undefined, undefined, undefined, undefined, true);
    assert.ok(archived.results.some((company) => company.id === made[2].id && company.archived));
  },

  async "batches: upsert with a mixed result (207), again without change, read with one missing (207), update, archive"() {
    const { batchApi } = client.crm.objects;
    const upsert = (values) => batchApi.upsert("companies", {
      inputs: values.map(([id, properties]) => ({ id, idProperty: "kleer_id", objectWriteTraceId: `trace-${id}`, properties })),
    });
    const mixed = await upsert([["1", { name: "Ett" }], ["2", { name: "Två", kleer_nothing: "x" }]]);
    assert.deepEqual([mixed.status, mixed.results.length, mixed.numErrors], ["COMPLETE", 1, 1]);
    assert.deepEqual([mixed.results[0]._new ?? mixed.results[0].new, mixed.results[0].properties.kleer_id], [true, "1"]);
    const [error] = mixed.errors;
    assert.deepEqual([error.status, error.category, error.context.objectWriteTraceId], ["error", "VALIDATION_ERROR", ["trace-2"]]);
    const whole = await upsert([["1", { name: "Ett" }], ["2", { name: "Två" }]]);
    const ids = Object.fromEntries(whole.results.map((one) => [one.properties.kleer_id, one.id]));
    assert.deepEqual(Object.keys(ids).sort(), ["1", "2"]);
    assert.ok(whole.startedAt instanceof Date && whole.completedAt >= whole.startedAt, "the moments of the batch");
    const read = (ids) => batchApi.read("companies", { inputs: ids.map((id) => ({ id })), properties: ["name"], propertiesWithHistory: [] });
    const found = await read([ids[1], "999999"]);
    assert.deepEqual([found.results.map((one) => one.id), found.numErrors, found.errors[0].category], [[ids[1]], 1, "OBJECT_NOT_FOUND"]);
    const changed = await batchApi.update("companies", { inputs: [{ id: ids[2], properties: { name: "Två AB" } }] });
    assert.equal(changed.results[0].properties.name, "Två AB");
    await batchApi.archive("companies", { inputs: [{ id: ids[2] }] });
    assert.deepEqual((await read([ids[2]])).results, []);
    const inputs = [{ id: "x", idProperty: "name", properties: { phone: "1" } }];
    assert.equal((await refused(400, () => batchApi.upsert("companies", { inputs }))).category, "VALIDATION_ERROR");
  },

  async "associations v4: default, labelled, in batches, read, the labels, archive"() {
    const { basicApi, batchApi, schema } = client.crm.associations.v4;
    const firm = (await create("companies", { name: "Moder" })).id;
    const [pipeline] = (await client.crm.pipelines.pipelinesApi.getAll("deals")).results;
    const deal = async (dealname) =>
      (await create("deals", { dealname, pipeline: pipeline.id, dealstage: pipeline.stages[0].id })).id;
    const [one, two] = [await deal("Ett"), await deal("Två")];
    const linked = await basicApi.createDefault("deals", one, "companies", firm);
    assert.ok(linked.results.some((row) => row.associationSpec.associationTypeId === 341));
    const primary = [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 5 }];
    const labelled = await basicApi.create("deals", two, "companies", firm, primary);
    assert.deepEqual([`${labelled.fromObjectId}`, `${labelled.toObjectId}`], [two, firm]);
    const types = async (id) => (await basicApi.getPage("deals", id, "companies")).results
      .flatMap((to) => to.associationTypes.map((type) => type.typeId));
    assert.ok((await types(two)).includes(5));
    const rows = (await batchApi.getPage("deals", "companies", { inputs: [{ id: one }, { id: two }] })).results;
    assert.deepEqual(Object.fromEntries(rows.map((row) => [row._from.id, row.to.map((to) => `${to.toObjectId}`)])),
      { [one]: [firm], [two]: [firm] });
    const pair = { _from: { id: one }, to: { id: firm } };
    await batchApi.createDefault("deals", "companies", { inputs: [pair] });
    const made = await batchApi.create("deals", "companies", { inputs: [{ ...pair, types: primary }] });
    assert.deepEqual(made.results.map((row) => `${row.toObjectId}`), [firm]);
    const labels = (await schema.definitionsApi.getAll("deals", "companies")).results.map((label) => label.typeId);
    assert.ok(labels.includes(341) && labels.includes(5));
    const reversed = [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 342 }];
    assert.equal((await refused(400, () => basicApi.create("deals", one, "companies", firm, reversed))).category, "VALIDATION_ERROR");
    await basicApi.archive("deals", one, "companies", firm);
    assert.deepEqual(await types(one), []);
  },

  async "search: filters, sorting, pages, six at once with the library's own second tries (429)"() {
    const made = [];
    for (const number of [0, 1, 2, 3, 4]) made.push((await create("companies", { name: `Sökt ${number}`, city: "Kiruna" })).id);
    const ask = (more = {}) => ({
      filterGroups: [{ filters: [{ propertyName: "city", operator: "EQ", value: "Kiruna" }, { propertyName: "name", operator: "CONTAINS_TOKEN", value: "Sökt" }] }],
      sorts: ["name"], properties: ["name"], limit: 10, after: "0", ...more,
    });
    const { searchApi } = client.crm.companies;
    await soon("five hits", async () => (await searchApi.doSearch(ask())).total === 5);
    await pause(1000);
    const found = [];
    for (let after = "0"; after; ) {
      const page = await searchApi.doSearch(ask({ limit: 2, after }));
      found.push(...page.results.map((one) => one.id));
      after = page.paging?.next?.after;
    }
    assert.deepEqual(found, made);
    await pause(1000);
    const patient = library({ numberOfApiCallRetries: 6, limiterOptions: {} }).crm.companies.searchApi;
    const totals = await Promise.all(Array.from({ length: 7 }, () => patient.doSearch(ask())));
    assert.deepEqual(totals.map((page) => page.total), Array(7).fill(5));
    const statuses = (await control("GET", "/_sim/requests")).results.map((one) => one.status);
    assert.ok(statuses.includes(429), `some of them were refused: ${statuses}`);
  },

  async "invoices, line items, subscriptions, projects, products as records; pipelines; owners"() {
    const { basicApi } = client.crm.objects;
    const product = await create("products", { name: "Timme", price: "950.00" });
    const line = await create("line_items", { name: "Timme", quantity: "2", price: "950", hs_product_id: product.id });
    assert.equal((await client.crm.lineItems.basicApi.getById(line.id, ["name"])).properties.name, "Timme");
    const invoice = await create("invoices", { hs_currency: "SEK", hs_invoice_billable: "false" });
    await client.crm.associations.v4.basicApi.createDefault("line_items", line.id, "invoices", invoice.id);
    const open = await basicApi.update("invoices", invoice.id, { properties: { hs_invoice_status: "open" } });
    assert.equal(open.properties.hs_invoice_status, "open");
    const read = await client.crm.commerce.invoices.basicApi.getById(
      invoice.id, ["hs_amount_billed", "hs_invoice_billable"], undefined, ["line_items"]);
    assert.deepEqual([Number(read.properties.hs_amount_billed), read.properties.hs_invoice_billable], [1900, "false"]);
    assert.deepEqual(Object.values(read.associations).flatMap((row) => row.results.map((one) => one.id)), [line.id]);
    const subscription = await create("subscriptions", { hs_name: "Avtal", hs_invoice_creation: "off", hs_currency_code: "SEK" });
    const off = await basicApi.getById("subscriptions", subscription.id, ["hs_invoice_creation"]);
    assert.equal(off.properties.hs_invoice_creation, "off");
    const [pipeline] = (await client.crm.pipelines.pipelinesApi.getAll("projects")).results;
    const project = await create("projects", { hs_name: "Bygge", hs_pipeline: pipeline.id, hs_pipeline_stage: pipeline.stages[0].id });
    assert.equal((await basicApi.getById("projects", project.id, ["hs_name"])).properties.hs_name, "Bygge");
    assert.equal((await refused(400, () => create("invoices", { hs_title: "no currency" }))).category, "VALIDATION_ERROR");
    assert.ok((await client.crm.owners.ownersApi.getPage()).results.length > 0);
  },

  async "more calls than the budget (110 in 10 s): 429, and the library's own second try after 10 s"() {
    const patient = library({ numberOfApiCallRetries: 3, limiterOptions: {} }).crm.companies.basicApi;
    const pages = await Promise.all(Array.from({ length: 120 }, () => patient.getPage(1)));
    assert.equal(pages.filter((page) => page.results.length === 1).length, 120);
    const statuses = (await control("GET", "/_sim/requests")).results.map((one) => one.status);
    const refusals = statuses.filter((status) => status === 429).length;
    assert.ok(refusals >= 10 && statuses.filter((status) => status === 200).length === 120, `${refusals} refusals`);
    const answer = await client.apiRequest({ path: "/crm/v3/objects/companies?limit=1" });
    assert.deepEqual([answer.headers.get("x-hubspot-ratelimit-max"), answer.headers.get("x-hubspot-ratelimit-interval-milliseconds")],
      ["110", "10000"]);
  },

  async "signatures: a webhook (v3 and v1) and a workflow action (v3 and v2) as the library checks them; forged ones"() {
    const heard = [];
    const server = createServer(async (request, answer) => {
      const parts = [];
      for await (const part of request) parts.push(part);
      heard.push({ path: request.url, headers: request.headers, body: Buffer.concat(parts).toString() });
      answer.end('{"outputFields":{"result":"created"}}');
    });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    const base = `http://127.0.0.1:${server.address().port}`;
    try {
      await control("POST", "/_sim/calls", { base });
      const made = await control("POST", "/_sim/records/companies", { properties: { name: "Signerat ÅÄÖ" } });
      const record = Number(made.id);
      await control("POST", "/_sim/workflows/enrol", { object_type: "companies", record, action: "create-client", fields: {} });
      const of = (what, path) => soon(what, () => heard.find((one) => one.path === path));
      const valid = ({ path, headers, body }) => Signature.isValid({
        signatureVersion: "v3", signature: headers["x-hubspot-signature-v3"], clientSecret: SECRET, requestBody: body,
        url: base + path, method: "POST", timestamp: Number(headers["x-hubspot-request-timestamp"]),
      });
      const webhook = await of("webhook", "/webhooks/hubspot");
      const old = (one, signatureVersion, more) => Signature.isValid({
        signatureVersion, signature: one.headers["x-hubspot-signature"], clientSecret: SECRET, requestBody: one.body, ...more });
      assert.equal(valid(webhook), true);
      assert.equal(old(webhook, "v1"), true);
      assert.equal(valid({ ...webhook, body: `${webhook.body} ` }), false);
      assert.equal(valid({ ...webhook, path: `${webhook.path}/` }), false);
      const action = await of("action", "/actions/create-client");
      assert.equal(valid(action), true);
      assert.equal(old(action, "v2", { url: base + action.path, method: "POST" }), true);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
};

// What the library says while it waits.
console.error = () => {};
let [passed, failed] = [0, 0];
for (const [what, trial] of Object.entries(TRIALS)) {
  try {
    await trial();
    assert.deepEqual((await control("GET", "/_sim/unexpected")).results, [], "requests that a correct client would not send");
    await control("DELETE", "/_sim/requests");
    passed += 1;
    console.log(`  ok      ${what}`);
  } catch (error) {
    failed += 1;
    console.log(`  FAILED  ${what}\n            ${error.name}: ${error.message.split("\n").slice(0, 12).join("\n            ")}`);
  }
}
console.log(`library for Node: ${passed} passed, ${failed} failed`);
process.exitCode = Number(failed > 0);
