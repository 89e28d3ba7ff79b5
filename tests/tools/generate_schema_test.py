#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asserts that tools/generate_schema.py refuses a schema that contradicts itself and writes what the schema says."""
import copy
import json
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))
import generate_schema as generator  # noqa: E402

SCHEMA = {"entities": {"flow": {"doc": "A flow.", "fields": [
    {"name": "client_ip", "type": "ip", "sortable": True, "filterable": True, "ipfix": 8, "ipfix_v6": 27, "doc": "The client."},
    {"name": "bytes_to_client", "type": "uint", "unit": "bytes", "filterable": True, "ipfix": 352, "enterprise": 29305, "doc": "Back."},
    {"name": "other", "type": "object_list", "members": {"name": "string", "sum": {"bytes": "uint"}}, "doc": "More."}],
    "aliases": [{"name": "client", "fields": ["client_ip"]}]}}}
PORTS = {"applications": [{"name": "HTTP", "category": "Web", "tcp": [80, "8000-8001"]}, {"name": "DNS", "category": "Network", "tcp": [53], "udp": [53]}]}


class GenerateSchema(unittest.TestCase):
    def refusal(self, change):
        schema = copy.deepcopy(SCHEMA)
        change(schema["entities"]["flow"])
        with self.assertRaises(generator.SchemaError) as raised:
            generator.check_fields(schema)
        return str(raised.exception)

    def test_accepts_a_right_schema(self):
        generator.check_fields(SCHEMA)

    def test_refuses_what_contradicts_itself(self):
        self.assertIn("flow.client_ip: named twice", self.refusal(lambda f: f["fields"].append(f["fields"][0])))
        self.assertIn("unknown type", self.refusal(lambda f: f["fields"][0].update(type="thing")))
        self.assertIn("unknown unit", self.refusal(lambda f: f["fields"][0].update(unit="miles")))
        self.assertIn("unknown member", self.refusal(lambda f: f["fields"][0].update(colour="red")))
        self.assertIn("no sentence", self.refusal(lambda f: f["fields"][0].update(doc="client")))
        self.assertIn("snake_case", self.refusal(lambda f: f["fields"][0].update(name="clientIp")))
        self.assertIn("member bytes has an unknown type", self.refusal(lambda f: f["fields"][2].update(members={"sum": {"bytes": "thing"}})))
        self.assertIn("cannot be sorted", self.refusal(lambda f: f["fields"][2].update(sortable=True)))
        self.assertIn("no field that can be filtered by", self.refusal(lambda f: f["aliases"][0].update(fields=["other"])))
        self.assertIn("named twice", self.refusal(lambda f: f["aliases"][0].update(name="client_ip")))

    def test_expands_ranges_of_ports(self):
        self.assertEqual(generator.expand_ports(PORTS), {"tcp": {80: 0, 8000: 0, 8001: 0, 53: 1}, "udp": {53: 1}})

    def test_refuses_a_port_of_two_applications(self):
        ports = copy.deepcopy(PORTS)
        ports["applications"][1]["tcp"].append(8001)
        with self.assertRaisesRegex(generator.SchemaError, "DNS: tcp port 8001 is HTTP's already"):
            generator.expand_ports(ports)

    def test_writes_cpp(self):
        text = generator.cpp_fields(SCHEMA)
        self.assertIn("enum class FlowField : uint8_t {\n  kClientIp,\n  kBytesToClient,\n  kOther,\n  kCount\n};", text.replace("kCount,", "kCount"))
        self.assertIn('{"bytes_to_client", Entity::kFlow, FieldType::kUint, Unit::kBytes, 352, 0, 29305, false, true, "Back."}', text)
        self.assertIn('{"client", {0, 0}, 1}', text)
        self.assertIn("kTcpPorts{{\n    {53, 1},\n    {80, 0},\n    {8000, 0},", generator.cpp_ports(PORTS))

    def test_writes_typescript(self):
        text = generator.typescript(SCHEMA)
        self.assertIn("  bytes_to_client?: number;", text)
        self.assertIn("  other?: { name: string; sum: { bytes: number } }[];", text)
        self.assertIn('{ name: "client", fields: ["client_ip"] }', text)

    def test_names_each_field_of_the_project_in_the_reference(self):
        schema = json.loads((ROOT / "schema/fields.json").read_text())
        text = generator.docs(schema, PORTS)
        for entity in schema["entities"].values():
            for field in entity["fields"]:
                self.assertIn(f"| `{field['name']}` |", text)

    def test_lists_the_options_with_their_variables(self):
        options = {"options": [{"name": "idle-timeout", "value": "SECONDS", "default": "120", "doc": "Silence."}, {"name": "network", "list": True, "doc": "A name."}]}
        generator.check_options(options)
        text = generator.docs_options(options)
        self.assertIn("| `--idle-timeout SECONDS` | `WEIR_IDLE_TIMEOUT` | 120 | Silence. |", text)
        self.assertIn("| `--network` | `WEIR_NETWORK` |  | A name. Several times for several", text)

    def test_refuses_options_that_are_none(self):
        for option in ({"name": "Idle", "doc": "A."}, {"name": "idle", "doc": "no sentence"}, {"name": "idle", "doc": "A.", "colour": "red"}):
            with self.assertRaises(generator.SchemaError):
                generator.check_options({"options": [option]})
        with self.assertRaises(generator.SchemaError):
            generator.check_options({"options": [{"name": "idle", "doc": "A."}] * 2})


if __name__ == "__main__":
    unittest.main()
