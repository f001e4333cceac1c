"""Files a report and reads everything back by Open311 GeoReport v2, with somebody else's client, in XML and in JSON.
Takes the address of the service and a key; writes what it found to standard output as one JSON object."""

import json
import sys

import georeport
import requests

root, key = sys.argv[1:]
fields = {
    "api_key": key,
    "service_code": "property.lighting",
    "lat": "38.3235",
    "long": "116.8497",
    "address_string": "演示路18号 <东门> & 花坛",
    "description": "路灯不亮 <3> & \"闪\"",
}
filed = requests.post(f"{root}/requests.json", data=fields)
filed.raise_for_status()
identity = filed.json()[0]["service_request_id"]


def flat(found):
    """XML has texts, and nothing where JSON has null."""
    return {name: None if value is None else str(value) for name, value in found.items()}


found = {"id": identity}
for form in ("xml", "json"):
    client = georeport.GeoReport(root, output_format=form)
    services = {one["service_code"]: one["service_name"] for one in client.get_service_list()}
    definition = client.get_service_definition("property.lighting")
    listed = client.get_service_requests(service_code="property.lighting", status="open")
    listed = listed if isinstance(listed, list) else [listed]
    found[form] = {
        "services": services,
        "definition": definition["service_code"],
        "listed": [flat(one) for one in listed],
        "one": flat(client.get_service_request(identity)),
    }
json.dump(found, sys.stdout)
