"""Run scim2-tester against a SCIM server and print a score card.

Usage: check.py URL      (the bearer token comes in the environment variable SCIM_TOKEN)

Exit code 0: no check ended as ERROR or CRITICAL. Deviations from recommendations and skipped checks are printed, not failed:
the tester marks what a server declares as unsupported (bulk, sort, a root query) as skipped.
The organisation should be empty: the tester looks for its own users on the first page of an unfiltered list, fills every
writable attribute of the published schemas with random values (canonicalValues where a schema names them), and deletes again.
"""

import os
import sys
from collections import Counter

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server


def main() -> int:
    if len(sys.argv) != 2 or not os.environ.get("SCIM_TOKEN"):
        print(__doc__, file=sys.stderr)
        return 2
    url = sys.argv[1].rstrip("/")
    verbose = os.environ.get("SCIM_VERBOSE") == "1"
    headers = {"Authorization": f"Bearer {os.environ['SCIM_TOKEN']}"}
    with Client(base_url=url, headers=headers, timeout=30) as http:
        results = check_server(SyncSCIMClient(http))

    bad = {Status.ERROR, Status.CRITICAL}
    for result in results:
        if verbose or result.status in bad | {Status.DEVIATION, Status.SKIPPED}:
            of = f" [{result.resource_type}]" if result.resource_type else ""
            print(f"{result.status.name:<10} {result.title}{of}: {result.reason or ''}")
            if result.status in bad and result.data is not None:
                print(f"           {str(result.data)[:2000]}")
    counts = Counter(result.status for result in results)
    print("scim2-tester: " + ", ".join(f"{counts[status]} {status.name.lower()}" for status in Status if counts[status]))
    failed = sum(counts[status] for status in bad)
    skipped = counts[Status.SKIPPED]
    passed = len(results) - failed - skipped
    # The tester ends early, without a failure, when a discovery endpoint publishes nothing: that is not a pass.
    if not any(result.resource_type for result in results):
        print("scim2-tester: no resource type was tested")
        failed += 1
    print(f"scim2-tester: {passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
