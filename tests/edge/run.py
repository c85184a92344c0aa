"""The edge test: the built functions, deployed by template.yaml to an emulator of AWS, between the two simulators.

    python tests/edge/run.py --binaries target/debug

Prints what was deployed and what was synchronized. Everything listens on loopback and ends with this process.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

import inbound
from deploy import REGION, STACK, Cloud
from processes import free_port, server, tail, wait_for

ROOT = pathlib.Path(__file__).resolve().parents[2]
PORTAL, COMPANY = 4242, 1
CLIENTS, PRODUCTS = 40, 10
KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


def http(method, url, body=None, headers=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json", **(headers or {})}, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def records(hubspot, kind):
    """All records of a kind in HubSpot, by the property that ties them to Kleer."""
    found, after = {}, ""
    while after is not None:
        page = http("GET", f"{hubspot}/crm/objects/2026-09/{kind}?limit=100&properties=kleer_id,name,phone{after}",
                    headers={"authorization": "Bearer demo-token"})
        found.update({one["properties"]["kleer_id"]: one["properties"] for one in page["results"]
                      if one["properties"].get("kleer_id")})
        after = f"&after={page['paging']['next']['after']}" if page.get("paging") else None
    return found


def connect(binaries, cloud, kleer, hubspot):
    """What a deployer does: `cargo local connect`."""
    environment = {
        "TABLE_NAME": cloud.outputs["Table"], "POLL_QUEUE_URL": cloud.outputs["PollQueue"],
        "SYNC_QUEUE_URL": cloud.outputs["SyncQueue"], "CHANGE_QUEUE_URL": cloud.outputs["ChangeQueue"], "APP_SECRET_ID": cloud.outputs["AppSecret"],
        "AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL": cloud.endpoint, "KLEER_BASE_URL": kleer, "HUBSPOT_BASE_URL": hubspot,
        "HUBSPOT_PORTAL_ID": str(PORTAL), "HUBSPOT_ACCESS_TOKEN": "demo-app-token",
        "KLEER_COMPANY_ID": str(COMPANY), "KLEER_API_KEY": "demo-key",
    }
    command = [binaries / "local", "connect", "--objects", "client,product"]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"cargo local connect failed: {done.stderr}")
    print("  " + (done.stdout + done.stderr).strip())


def queue_suite(binaries, cloud):
    """The rules that every queue must keep, against the emulator's SQS."""
    queue = cloud.client("sqs").create_queue(QueueName="suite.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    subprocess.run([binaries / "examples" / "queue_edge", queue], check=True)


def waiting(cloud):
    """How many messages each queue holds, out or not."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    sqs = cloud.client("sqs")
    attributes = {name: sqs.get_queue_attributes(QueueUrl=cloud.outputs[name], AttributeNames=names)["Attributes"]
                  for name in ("PollQueue", "PollDeadLetters", "SyncQueue", "SyncDeadLetters", "ChangeQueue",
                               "ChangeDeadLetters")}
    return {name: sum(int(count) for count in found.values()) for name, found in attributes.items()}


def log_lines(cloud):
    logs = cloud.client("logs")
    groups = [resource["PhysicalResourceId"] for resource in cloud.resources
              if resource["ResourceType"] == "AWS::Logs::LogGroup"]
    functions = [resource["PhysicalResourceId"] for resource in cloud.resources
                 if resource["ResourceType"] == "AWS::Lambda::Function"]
    known = {group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]}
    lines = []
    for group in {*groups, *(f"/aws/lambda/{name}" for name in functions)} & known:
        lines += [event["message"] for event in logs.filter_log_events(logGroupName=group)["events"]]
    return lines


def story(binaries, cloud, kleer, hubspot, simulators):
    connect(binaries, cloud, kleer, hubspot)
    began = time.monotonic()
    wait_for("all clients in HubSpot", lambda: len(records(hubspot, "companies")) == CLIENTS, 240)
    wait_for("all products in HubSpot", lambda: len(records(hubspot, "products")) == PRODUCTS, 120)
    print(f"  first sync: {CLIENTS} companies and {PRODUCTS} products, {time.monotonic() - began:.0f} s after the portal was connected")

    changed = sorted(records(hubspot, "companies"))[0]
    http("PATCH", f"{simulators}/_sim/company/{COMPANY}/client/{changed}", {"phone": "08-123 45 67"})
    connect(binaries, cloud, kleer, hubspot)
    began = time.monotonic()
    look = lambda: records(hubspot, "companies")[changed]["phone"] == "08-123 45 67"
    wait_for("the new phone number in HubSpot", look, 240)
    print(f"  a change: the new phone number of client {changed}, {time.monotonic() - began:.0f} s later")

    api = inbound.Api(cloud.endpoint, next(resource["PhysicalResourceId"] for resource in cloud.resources
                                           if resource["LogicalResourceId"] == "Api"))
    inbound.install(api, hubspot)
    inbound.webhook(api, http, hubspot, simulators, PORTAL, COMPANY)
    inbound.action(api, http, hubspot, simulators, PORTAL, COMPANY)
    inbound.settings(api, PORTAL)
    inbound.guide(api)

    wait_for("queues that are empty", lambda: not any(waiting(cloud).values()), 120)
    print(f"  left in the queues: {waiting(cloud)}")
    for name, base in (("Kleer", simulators), ("HubSpot", hubspot)):
        unexpected = http("GET", f"{base}/_sim/unexpected")
        unexpected = unexpected.get("results", unexpected) if isinstance(unexpected, dict) else unexpected
        if unexpected:
            raise SystemExit(f"{name} got requests that a correct client never sends: {unexpected}")
    check_logs(cloud)


def check_logs(cloud):
    """Lines are JSON with the request id, metrics have no portal, and no secret stands anywhere."""
    text = log_lines(cloud)
    lines = [json.loads(line) for whole in text for line in whole.splitlines() if line.startswith("{")]
    ours = [line for line in lines if "level" in line]
    metrics = [line for line in lines if "_aws" in line]
    with_id = [line for line in ours if any(span.get("request_id") for span in line.get("spans", []))]
    if not with_id or not metrics:
        raise SystemExit(f"no line of the log has a request id, or none is a metric: {text[:3]}")
    for line in metrics:
        sets = [one for directive in line["_aws"]["CloudWatchMetrics"] for one in directive["Dimensions"]]
        if any("portal" in name.lower() for names in sets for name in names):
            raise SystemExit(f"a metric has the portal as a dimension: {line}")
    for secret in ("demo-key", "demo-app-token", inbound.CLIENT_SECRET, KEY):
        if any(secret in whole for whole in text):
            raise SystemExit("a secret stands in the log")
    print(f"  log: {len(ours)} lines, {len(with_id)} with a request id, {len(metrics)} of metrics")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", type=lambda text: pathlib.Path(text).resolve(), required=True)
    parser.add_argument("--keep-logs", action="store_true", help="print the servers' logs at the end")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(args, pathlib.Path(folder))


def run(args, folder):
    gateway, kleer_port, hubspot_port = free_port(), free_port(), free_port()
    simulators = [args.binaries / "local", "simulators", "--kleer-port", str(kleer_port), "--hubspot-port", str(hubspot_port),
                  "--clients", str(CLIENTS), "--products", str(PRODUCTS)]
    environment = {
        "BIND_HOST": "127.0.0.1", "MINISTACK_HOST": "127.0.0.1", "GATEWAY_PORT": str(gateway), "MINISTACK_REGION": REGION,
        # What the functions are told.
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{gateway}",
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION,
        "STATE_DIR": str(folder / "state"), "S3_DATA_DIR": str(folder / "s3"), "TMPDIR": str(folder), "LOG_LEVEL": "INFO",
    }
    ministack = pathlib.Path(sys.executable).parent / "ministack"
    kleer, hubspot = f"http://127.0.0.1:{kleer_port}/v1", f"http://127.0.0.1:{hubspot_port}"
    with (server("the emulator", [ministack], [gateway], folder / "emulator.log", environment),
          server("the simulators", simulators, [kleer_port, hubspot_port], folder / "simulators.log")):
        try:
            cloud = Cloud(f"http://127.0.0.1:{gateway}")
            print("queue suite against the emulator's SQS:", flush=True)
            queue_suite(args.binaries, cloud)
            deploy(args.binaries, cloud, kleer, hubspot)
            print("synchronized:", flush=True)
            story(args.binaries, cloud, kleer, hubspot, f"http://127.0.0.1:{kleer_port}")
        except BaseException:
            print(tail(folder / "emulator.log", 120), file=sys.stderr)
            raise
        finally:
            if args.keep_logs:
                print(tail(folder / "emulator.log", 400), file=sys.stderr)


def deploy(binaries, cloud, kleer, hubspot):
    code = {name: cloud.upload(binaries / name) for name in ("poll", "sync", "install", "webhooks", "actions", "settings")}
    parameters = {"Architecture": "x86_64", "KleerBaseUrl": kleer, "HubspotBaseUrl": hubspot, "Log": "info",
                  "HubspotAppUrl": hubspot, "HubspotAppId": inbound.APP_ID, "HubspotClientId": inbound.CLIENT_ID,
                  "PublicBaseUrl": inbound.PUBLIC}
    template = cloud.translate(ROOT / "template.yaml", code, parameters)
    cloud.deploy(template, parameters)
    secret = json.dumps({"client_secrets": [inbound.CLIENT_SECRET], "keys": [{"id": "1", "key": KEY}]})
    cloud.client("secretsmanager").put_secret_value(SecretId=cloud.outputs["AppSecret"], SecretString=secret)
    kinds = {}
    for resource in cloud.resources:
        kinds.setdefault(resource["ResourceType"], []).append(resource["LogicalResourceId"])
    print(f"deployed as {STACK}:")
    for kind, names in sorted(kinds.items()):
        print(f"  {kind}: {', '.join(sorted(names))}", flush=True)


if __name__ == "__main__":
    main()
