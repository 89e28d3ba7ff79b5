#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes code and documentation of schema/*.json.

  --cpp DIR          writes DIR/record/fields.gen.h, DIR/record/ports.gen.h and DIR/record/systems.gen.h
  --typescript FILE  writes the row types and field tables of the console, only when they changed
  --docs FILE        writes the reference, only when it changed
  --check FILE       fails when the reference in FILE is not what --docs would write
  --option-docs and --check-options, --lua-docs and --check-lua: the same for the options and for what scripts see
"""
import argparse
import json
import os
import pathlib
import re
import sys

NOTICE = "Made by tools/generate_schema.py from schema/. Do not edit."
TYPES = {  # in the schema: (enumerator, TypeScript)
    "uint": ("kUint", "number"),
    "float": ("kFloat", "number"),
    "string": ("kString", "string"),
    "ip": ("kIp", "string"),
    "mac": ("kMac", "string"),
    "bool": ("kBool", "boolean"),
    "time": ("kTime", "number"),
    "uint_list": ("kUintList", "number[]"),
    "string_list": ("kStringList", "string[]"),
    "strings": ("kStrings", "string | string[]"),  # an array when there are several
    "uints": ("kUints", "number | number[]"),
    "object": ("kObject", ""),
    "object_list": ("kObjectList", ""),
    "counters": ("kCounters", "Record<string, number>"),
}
UNITS = ["none", "packets", "bytes", "flows", "hosts", "seconds", "milliseconds", "bits_per_second", "packets_per_second"]
FIELD_KEYS = {"name", "type", "unit", "sortable", "filterable", "ipfix", "ipfix_v6", "enterprise", "values", "members", "doc"}
EVIDENCE = ["ssh banner", "dhcp class", "dhcp fingerprint", "user agent", "http server", "syn"]
NESTED = {"object", "object_list", "counters"}


class SchemaError(Exception):
    """The schema contradicts itself; the message says where."""


def pascal(name):
    return "".join(part.capitalize() for part in name.split("_"))


def quoted(text):
    return json.dumps(text)


def check_members(where, members):
    """A member is of a plain type, or an object with members of its own."""
    for name, kind in members.items():
        if isinstance(kind, dict):
            check_members(f"{where}.{name}", kind)
        elif kind not in TYPES or kind in NESTED:
            raise SchemaError(f"{where}: member {name} has an unknown type {kind}")


def check_field(where, field):
    unknown = set(field) - FIELD_KEYS
    if unknown:
        raise SchemaError(f"{where}: unknown member {sorted(unknown)[0]}")
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", field["name"]):
        raise SchemaError(f"{where}: the name is not snake_case")
    if field.get("type") not in TYPES:
        raise SchemaError(f"{where}: unknown type {field.get('type')}")
    if field.get("unit", "none") not in UNITS:
        raise SchemaError(f"{where}: unknown unit {field['unit']}")
    if not field.get("doc", "").endswith("."):
        raise SchemaError(f"{where}: doc is missing or no sentence")
    if field["type"] in NESTED and (field.get("sortable") or field.get("filterable")):
        raise SchemaError(f"{where}: {field['type']} cannot be sorted or filtered by")
    if field["type"] in ("object", "object_list") and not field.get("members"):
        raise SchemaError(f"{where}: {field['type']} needs members")
    check_members(where, field.get("members", {}))


def check_fields(schema):
    for entity, description in schema["entities"].items():
        names = set()
        for field in description["fields"]:
            where = f"{entity}.{field.get('name')}"
            check_field(where, field)
            if field["name"] in names:
                raise SchemaError(f"{where}: named twice")
            names.add(field["name"])
        aliases = set()
        filterable = {f["name"] for f in description["fields"] if f.get("filterable")}
        for alias in description["aliases"]:
            where = f"{entity} alias {alias['name']}"
            if alias["name"] in names | aliases:
                raise SchemaError(f"{where}: named twice")
            if not 1 <= len(alias["fields"]) <= 2 or not set(alias["fields"]) <= filterable:
                raise SchemaError(f"{where}: stands for no field that can be filtered by")
            aliases.add(alias["name"])


def expand_ports(ports):
    """{"tcp": {port: application index}, "udp": {...}}."""
    table = {"tcp": {}, "udp": {}}
    names = set()
    for index, application in enumerate(ports["applications"]):
        name = application["name"]
        if name in names:
            raise SchemaError(f"{name}: named twice")
        names.add(name)
        if not application.get("category"):
            raise SchemaError(f"{name}: no category")
        if not application.get("tcp") and not application.get("udp"):
            raise SchemaError(f"{name}: no port")
        for protocol, taken in table.items():
            for entry in application.get(protocol, []):
                first, _, last = str(entry).partition("-")
                for port in range(int(first), int(last or first) + 1):
                    if not 0 < port < 65536:
                        raise SchemaError(f"{name}: no such port: {port}")
                    if port in taken:
                        other = ports["applications"][taken[port]]["name"]
                        raise SchemaError(f"{name}: {protocol} port {port} is {other}'s already")
                    taken[port] = index
    return table


def cpp_preamble(includes):
    lines = ["// SPDX-License-Identifier: GPL-3.0-or-later", f"// {NOTICE}", "#pragma once", ""]
    return lines + [f"#include <{name}>" for name in includes] + ["", "namespace weir {", ""]


def cpp_entity(entity, description):
    fields = description["fields"]
    lines = [f"// {description['doc']}", f"enum class {pascal(entity)}Field : uint8_t {{"]
    lines += [f"  k{pascal(f['name'])}," for f in fields] + ["  kCount", "};"]
    lines += [f"inline constexpr std::array<FieldInfo, {len(fields)}> k{pascal(entity)}Fields{{{{"]
    for f in fields:
        enumerator, _ = TYPES[f["type"]]
        lines.append(
            f"    {{{quoted(f['name'])}, Entity::k{pascal(entity)}, FieldType::{enumerator}, "
            f"Unit::k{pascal(f.get('unit', 'none'))}, {f.get('ipfix', 0)}, {f.get('ipfix_v6', 0)}, "
            f"{f.get('enterprise', 0)}, {str(bool(f.get('sortable'))).lower()}, "
            f"{str(bool(f.get('filterable'))).lower()}, {quoted(f['doc'])}}},")
    lines += ["}};"]
    lines += [f"[[nodiscard]] constexpr const FieldInfo& field_info({pascal(entity)}Field field) {{",
              f"  return k{pascal(entity)}Fields[static_cast<size_t>(field)];", "}"]
    index = {f["name"]: i for i, f in enumerate(fields)}
    aliases = description["aliases"]
    lines += [f"inline constexpr std::array<FieldAlias, {len(aliases)}> k{pascal(entity)}Aliases{{{{"] if aliases else [
        f"inline constexpr std::array<FieldAlias, 0> k{pascal(entity)}Aliases{{}};"]
    for alias in aliases:
        numbers = [index[name] for name in alias["fields"]]
        lines.append(f"    {{{quoted(alias['name'])}, {{{', '.join(map(str, (numbers + [0])[:2]))}}}, {len(numbers)}}},")
    return lines + (["}};"] if aliases else []) + [""]


def cpp_fields(schema):
    entities = schema["entities"]
    lines = cpp_preamble(["array", "cstddef", "cstdint", "span", "string_view"])
    lines += [f"enum class Entity : uint8_t {{ {', '.join('k' + pascal(e) for e in entities)}, kCount }};", ""]
    lines += [f"enum class FieldType : uint8_t {{ {', '.join(e for e, _ in TYPES.values())} }};", ""]
    lines += [f"enum class Unit : uint8_t {{ {', '.join('k' + pascal(u) for u in UNITS)} }};", ""]
    lines += ["// One field of one kind of row. Shared: immutable.",
              "struct FieldInfo {", "  std::string_view name;  // in JSON, filters and column lists", "  Entity entity;",
              "  FieldType type;", "  Unit unit;", "  uint16_t ipfix_id;          // information element; 0: there is none",
              "  uint16_t ipfix_id_v6;       // where IPv6 has one of its own; else 0",
              "  uint32_t ipfix_enterprise;  // 0: IANA's; 29305: the reverse direction (RFC 5103)",
              "  bool sortable;", "  bool filterable;", "  std::string_view doc;  // one sentence or two", "};", "",
              "// Another name in the filter language, for one field or for either of two.",
              "struct FieldAlias {", "  std::string_view name;",
              "  std::array<uint8_t, 2> fields;  // indices into the entity's fields; `count` of them", "  uint8_t count;", "};", ""]
    for entity, description in entities.items():
        lines += cpp_entity(entity, description)
    for function, kind, table in (("fields_of", "FieldInfo", "Fields"), ("aliases_of", "FieldAlias", "Aliases")):
        lines += [f"[[nodiscard]] constexpr std::span<const {kind}> {function}(Entity entity) {{", "  switch (entity) {"]
        lines += [f"    case Entity::k{pascal(e)}: return k{pascal(e)}{table};" for e in entities]
        lines += ["    case Entity::kCount: break;", "  }", "  return {};", "}", ""]
    return "\n".join(lines + ["}  // namespace weir", ""])


def cpp_ports(ports):
    table = expand_ports(ports)
    applications = ports["applications"]
    lines = cpp_preamble(["array", "cstdint", "string_view"])
    lines += ["// An application known by its port.", "struct PortApplication {", "  std::string_view name;",
              "  std::string_view category;", "};",
              f"inline constexpr std::array<PortApplication, {len(applications)}> kPortApplications{{{{"]
    lines += [f"    {{{quoted(a['name'])}, {quoted(a['category'])}}}," for a in applications] + ["}};", ""]
    lines += ["struct PortEntry {", "  uint16_t port;", "  uint16_t application;  // index into kPortApplications", "};", ""]
    for protocol, taken in table.items():
        lines += [f"// Sorted by port; a port stands once.",
                  f"inline constexpr std::array<PortEntry, {len(taken)}> k{pascal(protocol)}Ports{{{{"]
        lines += [f"    {{{port}, {taken[port]}}}," for port in sorted(taken)] + ["}};", ""]
    return "\n".join(lines + ["}  // namespace weir", ""])


def check_systems(systems):
    for rule in systems["rules"]:
        where = f"{rule.get('system')}: {rule.get('pattern')}"
        if set(rule) != {"evidence", "pattern", "system"} or not all(rule.values()):
            raise SchemaError(f"{where}: a rule has evidence, pattern and system")
        if rule["evidence"] not in EVIDENCE:
            raise SchemaError(f"{where}: no such evidence: {rule['evidence']}")


def cpp_systems(systems):
    lines = cpp_preamble(["array", "string_view"])
    lines += ["// What tells an operating system.", "struct SystemRule {", "  std::string_view evidence;", "  std::string_view pattern;",
              "  std::string_view system;", "};",
              f"inline constexpr std::array<SystemRule, {len(systems['rules'])}> kSystemRules{{{{"]
    lines += [f"    {{{quoted(r['evidence'])}, {quoted(r['pattern'])}, {quoted(r['system'])}}}," for r in systems["rules"]]
    return "\n".join(lines + ["}};", "", "}  // namespace weir", ""])


def typescript_members(members):
    listed = (f"{name}: {typescript_members(kind) if isinstance(kind, dict) else TYPES[kind][1]}" for name, kind in members.items())
    return f"{{ {'; '.join(listed)} }}"


def typescript_type(field):
    kind = field["type"]
    if kind in ("object", "object_list"):
        return typescript_members(field["members"]) + ("[]" if kind == "object_list" else "")
    if field.get("values"):
        return " | ".join(quoted(value) for value in field["values"])
    return TYPES[kind][1]


def typescript(schema):
    lines = ["// SPDX-License-Identifier: GPL-3.0-or-later", f"// {NOTICE}", "",
             f"export type FieldType = {' | '.join(quoted(t) for t in TYPES)};",
             f"export type Unit = {' | '.join(quoted(u) for u in UNITS)};", "",
             "export interface FieldInfo {", "  name: string;", "  type: FieldType;", "  unit: Unit;",
             "  sortable: boolean;", "  filterable: boolean;", "  doc: string;", "}", "",
             "export interface FieldAlias {", "  name: string;", "  fields: string[];", "}", ""]
    for entity, description in schema["entities"].items():
        lines += [f"/** {description['doc']} A field that is not known is absent. */", f"export interface {pascal(entity)}Row {{"]
        for f in description["fields"]:
            lines += [f"  /** {f['doc']} */", f"  {f['name']}?: {typescript_type(f)};"]
        lines += ["}", "", f"export const {entity}Fields: readonly FieldInfo[] = ["]
        for f in description["fields"]:
            row = {"name": f["name"], "type": f["type"], "unit": f.get("unit", "none"), "sortable": bool(f.get("sortable")),
                   "filterable": bool(f.get("filterable")), "doc": f["doc"]}
            lines.append("  { " + ", ".join(f"{k}: {quoted(v)}" for k, v in row.items()) + " },")
        lines += ["];", "", f"export const {entity}Aliases: readonly FieldAlias[] = ["]
        lines += [f"  {{ name: {quoted(a['name'])}, fields: {json.dumps(a['fields'])} }}," for a in description["aliases"]]
        lines += ["];", ""]
    return "\n".join(lines)


def ipfix_text(field):
    if "ipfix" not in field:
        return ""
    text = str(field["ipfix"]) + (f", {field['ipfix_v6']}" if "ipfix_v6" in field else "")
    return text + (" (reverse)" if field.get("enterprise") == 29305 else "")


def docs_ports(ports):
    lines = ["## Applications by port", "", "Used only while nothing better is known; `confidence` then says `port`.", "",
             "| Application | Category | TCP | UDP |", "|---|---|---|---|"]
    for a in sorted(ports["applications"], key=lambda a: a["name"].lower()):
        tcp, udp = (", ".join(map(str, a.get(p, []))) for p in ("tcp", "udp"))
        lines.append(f"| {a['name']} | {a['category']} | {tcp} | {udp} |")
    return lines + [""]


def docs(schema, ports):
    lines = [f"<!-- {NOTICE} -->", "# Fields", "",
             "The names that REST, the stream, filters, columns and exports use. A field that is not known is absent, never",
             "invented. Times are seconds since 1970 as decimals; rates are of the last whole second.", ""]
    for entity, description in schema["entities"].items():
        lines += [f"## {pascal(entity)}", "", description["doc"], "",
                  "| Field | Type | Unit | Sort | Filter | IPFIX | Meaning |", "|---|---|---|---|---|---|---|"]
        for f in description["fields"]:
            unit = f.get("unit", "none").replace("none", "").replace("_", " ")
            lines.append(f"| `{f['name']}` | {f['type'].replace('_', ' ')} | {unit} | {'yes' if f.get('sortable') else ''} | "
                         f"{'yes' if f.get('filterable') else ''} | {ipfix_text(f)} | {f['doc']} |")
        if description["aliases"]:
            lines += ["", "Other names in filters: " + ", ".join(
                f"`{a['name']}` ({' or '.join(a['fields'])})" for a in description["aliases"]) + "."]
        lines.append("")
    return "\n".join(lines + docs_ports(ports))


def check_options(schema):
    names = set()
    for option in schema["options"]:
        name = option.get("name", "")
        if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name) or name in names:
            raise SchemaError(f"option {name}: no name of an option, or named twice")
        names.add(name)
        if set(option) - {"name", "value", "list", "default", "doc"}:
            raise SchemaError(f"option {name}: unknown member")
        if not re.fullmatch(r"[A-Z].*\.", option.get("doc", "")):
            raise SchemaError(f"option {name}: doc is no sentence")


def docs_options(schema):
    lines = [f"<!-- {NOTICE} -->", "# Options of weir monitor", "",
             "On the command line, in the environment, in the file of `--config`: [configuration.md](../configuration.md).", "",
             "| Command line | Environment | Default | Meaning |", "|---|---|---|---|"]
    for o in schema["options"]:
        value = f" {o['value']}" if "value" in o else ""
        several = " Several times for several; with commas in the environment." if o.get("list") else ""
        variable = "WEIR_" + o["name"].upper().replace("-", "_")
        lines.append(f"| `--{o['name']}{value}` | `{variable}` | {o.get('default', '')} | {o['doc']}{several} |")
    return "\n".join(lines + [""])


def check_functions(schema):
    names = set()
    for function in (f for g in schema["groups"] for f in g["functions"]):
        name = function.get("name", "")
        if not re.fullmatch(r"([a-z]+\.)?[a-zA-Z]+", name) or name in names:
            raise SchemaError(f"function {name}: no name of a function, or named twice")
        names.add(name)
        if set(function) - {"name", "arguments", "doc", "example"}:
            raise SchemaError(f"function {name}: unknown member")
        if not re.fullmatch(r"[A-Z].*\.", function.get("doc", "")) or not function.get("example"):
            raise SchemaError(f"function {name}: doc is no sentence, or there is no example")


def docs_functions(schema):
    lines = [f"<!-- {NOTICE} -->", "# What scripts see", "",
             "Beside Lua's own base functions that load nothing, `string`, `table`, `math` and `bit`. How scripts are written: [scripts.md](../scripts.md).", ""]
    for group in schema["groups"]:
        lines += [f"## {group['title']}", ""] + ([group["doc"], ""] if "doc" in group else [])
        for f in group["functions"]:
            arguments = f"({f['arguments']})" if "arguments" in f else ""
            lines += [f"### `{f['name']}{arguments}`", "", f["doc"], "", "```lua", f["example"], "```", ""]
    return "\n".join(lines)


def write(path, text, only_if_changed):
    path = pathlib.Path(path)
    if only_if_changed and path.is_file() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")  # several builds may write the same file at the same time
    fresh.write_text(text)
    fresh.replace(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schema", default=pathlib.Path(__file__).resolve().parent.parent / "schema", type=pathlib.Path)
    for option in ("--cpp", "--typescript", "--docs", "--check", "--option-docs", "--check-options", "--lua-docs", "--check-lua"):
        parser.add_argument(option)
    arguments = parser.parse_args()
    try:
        schema = json.loads((arguments.schema / "fields.json").read_text())
        ports = json.loads((arguments.schema / "ports.json").read_text())
        systems = json.loads((arguments.schema / "operating_systems.json").read_text())
        options = json.loads((arguments.schema / "options.json").read_text())
        functions = json.loads((arguments.schema / "lua.json").read_text())
        check_fields(schema)
        check_options(options)
        check_functions(functions)
        check_systems(systems)
        expand_ports(ports)
    except (OSError, ValueError, KeyError, SchemaError) as error:
        sys.exit(f"{arguments.schema}: {error}")
    if arguments.cpp:
        write(f"{arguments.cpp}/record/fields.gen.h", cpp_fields(schema), False)
        write(f"{arguments.cpp}/record/ports.gen.h", cpp_ports(ports), False)
        write(f"{arguments.cpp}/record/systems.gen.h", cpp_systems(systems), False)
    if arguments.typescript:
        write(arguments.typescript, typescript(schema), True)
    if arguments.docs:
        write(arguments.docs, docs(schema, ports), True)
    if arguments.option_docs:
        write(arguments.option_docs, docs_options(options), True)
    if arguments.lua_docs:
        write(arguments.lua_docs, docs_functions(functions), True)
    for path, text, option in ((arguments.check, docs(schema, ports), "--docs"), (arguments.check_options, docs_options(options), "--option-docs"),
                               (arguments.check_lua, docs_functions(functions), "--lua-docs")):
        if path and pathlib.Path(path).read_text() != text:
            sys.exit(f"{path} is not up to date: run tools/generate_schema.py {option} {path}")


if __name__ == "__main__":
    main()
