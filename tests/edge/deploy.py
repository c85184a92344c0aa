"""template.yaml is translated as SAM does it, and deployed to the emulator.

What the emulator lacks is made up for in `fill_gaps`, and only there.
"""

import io
import json
import os
import time
import zipfile

import boto3
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

REGION = "eu-north-1"
BUCKET = "edge-code"
STACK = "edge"


class NoManagedPolicies:
    """The template writes its own policies; one that asked for AWS's would fail here."""

    def load(self):
        return {}


class Cloud:
    """Clients of the emulator, and what was deployed to it."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        session = boto3.Session("test", "test", region_name=REGION)
        self.client = lambda service: session.client(service, endpoint_url=endpoint)
        self.outputs = {}
        self.resources = []
        self.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})

    def upload(self, binary):
        """A function's zip, as a deployment makes it; answers its address."""
        body = io.BytesIO()
        with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            entry = zipfile.ZipInfo("bootstrap")
            entry.external_attr = 0o755 << 16
            with open(binary, "rb") as code:
                archive.writestr(entry, code.read(), zipfile.ZIP_DEFLATED, compresslevel=1)
        key = f"{os.path.basename(binary)}.zip"
        self.client("s3").put_object(Bucket=BUCKET, Key=key, Body=body.getvalue())
        return f"s3://{BUCKET}/{key}"

    def translate(self, path, code, parameters):
        with open(path, encoding="utf-8") as source:
            template = yaml_parse(source.read())
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::Serverless::Function":
                resource["Properties"]["CodeUri"] = code[resource["Metadata"]["BuildProperties"]["Binary"]]
        os.environ["AWS_DEFAULT_REGION"] = REGION
        return fill_gaps(transform(template, parameters, NoManagedPolicies()))

    def deploy(self, template, parameters):
        stacks = self.client("cloudformation")
        given = [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()]
        # By its address, as SAM does it: a template of more than 51,200 bytes is not taken as text.
        self.client("s3").put_object(Bucket=BUCKET, Key="template.json", Body=json.dumps(template).encode())
        stacks.create_stack(StackName=STACK, TemplateURL=f"{self.endpoint}/{BUCKET}/template.json", Parameters=given,
                            Capabilities=["CAPABILITY_IAM"])
        while True:
            stack = stacks.describe_stacks(StackName=STACK)["Stacks"][0]
            if stack["StackStatus"] != "CREATE_IN_PROGRESS":
                break
            time.sleep(0.5)
        if stack["StackStatus"] != "CREATE_COMPLETE":
            events = stacks.describe_stack_events(StackName=STACK)["StackEvents"]
            reasons = [f"{e['LogicalResourceId']}: {e.get('ResourceStatusReason')}" for e in events
                       if "FAILED" in e["ResourceStatus"]]
            raise SystemExit(f"the stack is {stack['StackStatus']}: {stack.get('StackStatusReason')}\n" + "\n".join(reasons))
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        self.resources = stacks.describe_stack_resources(StackName=STACK)["StackResources"]


def fill_gaps(template):
    """What the emulator lacks, in one place: alarms that calculate are left out."""
    calculates = lambda resource: resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource["Properties"]
    left_out = [name for name, resource in template["Resources"].items() if calculates(resource)]
    for name in left_out:
        del template["Resources"][name]
    print(f"left out, because the emulator does not have it: {', '.join(left_out)}")
    return template
