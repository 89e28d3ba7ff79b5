#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks a running weir for all that its description has, and compares each answer with its schema.

described.py URL: reads schema/openapi.yaml, prints a line for each difference (what is missing, of another type, or not described) and how many resources it
compared; exit code 1 where there are differences, 77 without python3-yaml or python3-jsonschema.
"""
import json
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(missing)
    sys.exit(77)

API = sys.argv[1] + '/api/v1'
DESCRIPTION = Path(__file__).parents[2] / 'schema' / 'openapi.yaml'


class Strict(yaml.SafeLoader):
    """Takes no name twice, which YAML forbids and yaml does not mind."""

    def construct_mapping(self, node, deep=False):
        names = [self.construct_object(key) for key, _ in node.value]
        for name in names:
            if names.count(name) > 1:
                raise yaml.YAMLError(f'{name} is there twice, {node.start_mark}')
        return super().construct_mapping(node, deep)


def ask(path):
    with urlopen(API + path) as answer:
        return answer.read()


def checked(schema, is_closed=True):
    """`schema` in the words of JSON Schema 2020-12; where it names properties, others are wrong."""
    if not isinstance(schema, dict):
        return schema
    if '$ref' in schema:
        return {'allOf': [schema], 'unevaluatedProperties': False} if is_closed else schema
    result = dict(schema)
    if 'allOf' in schema:
        result['allOf'] = [checked(part, False) for part in schema['allOf']]
    if 'oneOf' in schema:
        result['oneOf'] = [checked(part) for part in schema['oneOf']]
    if 'items' in schema:
        result['items'] = checked(schema['items'])
    if 'properties' in schema:
        result['properties'] = {name: checked(part) for name, part in schema['properties'].items()}
    if isinstance(schema.get('additionalProperties'), dict):
        result['additionalProperties'] = checked(schema['additionalProperties'])
    if is_closed and ('allOf' in schema or 'properties' in schema) and 'additionalProperties' not in schema:
        result['unevaluatedProperties'] = False
    if schema.get('nullable'):
        result['type'] = [schema['type'], 'null']
    return result


def first(resource, field):
    rows = json.loads(ask(resource))['rows']
    return quote(str(rows[0][field]), safe='') if rows else None


def main():
    description = yaml.load(DESCRIPTION.read_text(), Strict)
    components = {'schemas': {name: checked(schema, False) for name, schema in description['components']['schemas'].items()}}
    host = first('/hosts?sort=bytes', 'key')
    names = {  # of one thing, for the path of each
        '/interfaces/{id}': first('/interfaces', 'id'), '/hosts/{key}': host, '/flows/{id}': first('/flows', 'id'), '/exporters/{id}': first('/exporters', 'id'),
        '/days/{day}': first('/days', 'day'), '/scripts/{script}': first('/scripts', 'script'), '/preferences/{name}': first('/preferences', 'name'),
    }
    queries = {'/peers': f'?host={host}', '/complete': '?text=app&cursor=3'}
    compared, differences = 0, []
    for path, item in description['paths'].items():
        kinds = item['get']['responses'].get('200', {}).get('content', {})
        if 'application/json' not in kinds:
            continue
        target = path
        if '{' in path:
            if names[path] is None:
                continue
            target = path[:path.index('{')] + names[path]
        try:
            answer = json.loads(ask(target + queries.get(path, '')))
        except (HTTPError, ValueError) as error:
            differences.append(f'{path}: {error}')
            continue
        schema = {**checked(kinds['application/json'].get('schema', {})), 'components': components}
        compared += 1
        for error in jsonschema.Draft202012Validator(schema).iter_errors(answer):
            differences.append(f'{path} {error.json_path}: {error.message[:300]}')
    print('\n'.join(differences[:40]))
    print(f'{compared} compared, {len(differences)} different')
    return 1 if differences else 0


sys.exit(main())
