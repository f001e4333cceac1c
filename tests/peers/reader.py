"""Reads a calendar (RFC 5545) from standard input with somebody else's library, checks what the standard asks of it,
and writes what it found to standard output as one JSON object."""

import json
import sys

import icalendar

data = sys.stdin.buffer.read()
wrong = []

if not data.endswith(b"\r\n"):
    wrong.append("the last line does not end")
for number, line in enumerate(data.split(b"\r\n"), 1):
    if len(line) > 75 or b"\n" in line or b"\r" in line:
        wrong.append(f"line {number} is not a line")

calendar = icalendar.Calendar.from_ical(data)
for name in ("VERSION", "PRODID"):
    if name not in calendar:
        wrong.append(f"the calendar has no {name}")
if not calendar.subcomponents:
    wrong.append("the calendar has no component")

events = []
for component in calendar.walk():
    wrong.extend(f"{component.name}: {name}: {error}" for name, error in component.errors)
for event in calendar.walk("VEVENT"):
    for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "SEQUENCE"):
        if name not in event or isinstance(event[name], list):
            wrong.append(f"an entry does not have one {name}")
    start, end, stamp = (event.decoded(name) for name in ("DTSTART", "DTEND", "DTSTAMP"))
    if start.tzinfo is None or end <= start or stamp.utcoffset().total_seconds() != 0:
        wrong.append(f"the times of {event['UID']}")
    geo = event.get("GEO")
    events.append(
        {
            "uid": str(event["UID"]),
            "start": start.isoformat(),
            "end": end.isoformat(),
            "status": str(event["STATUS"]),
            "sequence": int(event["SEQUENCE"]),
            "summary": str(event["SUMMARY"]),
            "description": str(event.get("DESCRIPTION", "")),
            "location": str(event.get("LOCATION", "")),
            "geo": None if geo is None else [geo.latitude, geo.longitude],
        }
    )

uids = [event["uid"] for event in events]
if len(uids) != len(set(uids)):
    wrong.append("two entries are called the same")
if icalendar.Calendar.from_ical(calendar.to_ical()) != calendar:
    wrong.append("written and read again it is another one")

json.dump({"name": str(calendar.get("NAME", "")), "events": events, "wrong": wrong}, sys.stdout)
