"""Judges messages by JSON Schemas, and reads documents; only for the tests.

    validate.py                 lines of {"schema": file, "closed": bool, "name": text, "value": any} on standard
                                input; prints {"name", "at", "why"} for each fault
    validate.py --messages F D  judges the lines "<topic> <JSON>" of a file by the schemas of a folder, closed;
                                prints {"faults": [...], "counts": {topic: number}}
    validate.py --document F    prints a YAML file as JSON
"""

import collections
import json
import re
import sys

import jsonschema
import yaml


def document(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)  # JSON is YAML


def closed(schema):
    """The schema with every object closed to members that it does not name: what we write, we document."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {key: closed(part) for key, part in schema.items()}
    return {**parts, "additionalProperties": False} if isinstance(parts.get("properties"), dict) else parts


class Judge:
    """Schemas by their file, read once."""

    def __init__(self):
        self.validators = {}

    def faults(self, path, is_closed, name, value):
        kind = path, is_closed
        if kind not in self.validators:
            schema = document(path)
            jsonschema.Draft202012Validator.check_schema(schema)
            self.validators[kind] = jsonschema.Draft202012Validator(closed(schema) if is_closed else schema)
        for error in self.validators[kind].iter_errors(value):
            at = "".join(f"/{step}" for step in error.absolute_path)
            yield {"name": name, "at": at, "why": error.message[:300]}


def judge_cases():
    judge = Judge()
    for line in sys.stdin:
        case = json.loads(line)
        for fault in judge.faults(case["schema"], case["closed"], case["name"], case["value"]):
            print(json.dumps(fault))


def judge_messages(path, folder):
    judge, faults, shapes, counts = Judge(), [], set(), collections.Counter()
    with open(path, encoding="utf-8") as file:
        for line in file:
            topic, text = line.split(" ", 1)
            counts[topic] += 1
            # Of messages that differ only in digits one is judged: there are hundreds of thousands.
            shape = re.sub(r"[0-9]+", "0", line)
            if shape in shapes:
                continue
            shapes.add(shape)
            value = json.loads(text)
            kind = "dead-letter-headers" if topic == "dead-letters" else topic
            schema = value["type"] if topic in ("bonus-credits", "sms-notifications") else f"{kind}.v1"
            faults += judge.faults(f"{folder}/{schema}.json", True, text[:200], value)
    print(json.dumps({"faults": faults, "counts": counts}))


match sys.argv[1:]:
    case ["--document", path]:
        print(json.dumps(document(path)))
    case ["--messages", path, folder]:
        judge_messages(path, folder)
    case _:
        judge_cases()
