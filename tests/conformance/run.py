"""HubSpot's own client libraries against the pretend HubSpot, each against a fresh one.

    python tests/conformance/run.py --binary target/debug/local --python .tools/conformance/bin/python

The simulators listen on loopback ports that are free, and end with this process. What the libraries and the simulator disagreed
about is corrected in the simulator, with a test beside it; what a library does otherwise than the contract says stands here:

- Both libraries speak v3 and v4 paths and v1 OAuth, which are served until 2027 (contract hubspot-crm §1). The dated paths of
  the product are compared with HubSpot's own OpenAPI documents instead, in every story (`tests/src/conformance.rs`).
- Reading properties in a batch without `dataSensitivity` (both) is fine in v3, and an error in dated versions.
- Query switches are written `True` (Python).
- Node's makes `result.new` of an upsert its member `_new`; neither tells 207 from 200 but by the class of the answer.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "edge"))

from processes import free_port, server  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True, help="the built command line of infra/local")
    parser.add_argument("--python", required=True, help="a Python with what python/requirements.txt asks for")
    options = parser.parse_args()
    libraries = [("hubspot-api-client, Python", [options.python, "-B", str(HERE / "python" / "library.py")]),
                 ("@hubspot/api-client, Node", ["node", str(HERE / "node" / "library.mjs")])]
    failed = 0
    for name, command in libraries:
        print(f"{name}:", flush=True)
        kleer, hubspot = free_port(), free_port()
        with tempfile.TemporaryDirectory() as folder:
            simulators = [options.binary, "simulators", "--clients", "1", "--products", "1", "--kleer-port", str(kleer),
                          "--hubspot-port", str(hubspot)]
            with server("the simulators", simulators, [kleer, hubspot], f"{folder}/simulators.log"):
                failed += subprocess.run([*command, "--hubspot", f"http://127.0.0.1:{hubspot}"], check=False).returncode
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
