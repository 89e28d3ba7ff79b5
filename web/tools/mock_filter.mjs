// SPDX-License-Identifier: GPL-3.0-or-later
// The filter language as far as the console and its tests write it: which fields there are says schema/fields.json, as for weir.
import { readFileSync } from 'node:fs';

const entities = JSON.parse(readFileSync(new URL('../../schema/fields.json', import.meta.url), 'utf8')).entities;
const kUnits = { k: 1e3, M: 1e6, G: 1e9, T: 1e12 };

// The fields that a name of the language stands for, none where there is no such name.
function fieldsOf(entity, name) {
  const { fields, aliases } = entities[entity];
  const names = aliases.find((alias) => alias.name === name)?.fields ?? [name];
  return names.filter((one) => fields.some((field) => field.name === one && field.filterable));
}

const numberOf = (text) => {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([kMGT]?)$/.exec(text) ?? [];
  return digits === undefined ? Number.NaN : Number(digits) * (kUnits[unit] ?? 1);
};
const toAddress = (text) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

function isWithin(address, prefix) {
  const [base, length] = prefix.split('/');
  if (address.includes(':') || base.includes(':')) return address === base;
  return Math.floor(toAddress(address) / 2 ** (32 - Number(length))) === Math.floor(toAddress(base) / 2 ** (32 - Number(length)));
}

function isEqual(have, want) {
  if (typeof have === 'number') return have === numberOf(want);
  if (typeof have === 'boolean') return String(have) === want;
  if (/^[\d.]+\/\d+$/.test(want)) return isWithin(String(have), want);
  const pattern = want.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*');
  return new RegExp(`^${pattern}$`, 'is').test(String(have));
}

const kOperators = {
  '=': isEqual, '<': (have, want) => have < numberOf(want), '<=': (have, want) => have <= numberOf(want), '>': (have, want) => have > numberOf(want), '>=': (have, want) => have >= numberOf(want),
  '~': (have, want) => String(have).toLowerCase().includes(want.toLowerCase()),
};

class Problem {
  constructor(detail, column) {
    this.answer = { problem: { title: 'Bad Request', status: 400, detail, parameter: 'filter', column } };
  }
}

class Parser {
  constructor(text, entity) {
    this.text = text;
    this.entity = entity;
    this.tokens = [...text.matchAll(/"((?:[^"\\]|\\.)*)"|!=|<=|>=|[=<>~(),]|[^\s=<>~!(),"]+/g)];
    this.at = 0;
  }

  get next() { return this.tokens[this.at]?.[0]; }
  get column() { return (this.tokens[this.at]?.index ?? this.text.length) + 1; }
  accept(text) {
    if (this.next !== text) return false;
    this.at += 1;
    return true;
  }
  refuse(what) { throw new Problem(`expected ${what}, but ${this.next === undefined ? 'the filter ends' : `there is "${this.next}"`}`, this.column); }

  whole() {
    const test = this.any();
    if (this.next !== undefined) this.refuse('"and", "or" or the end');
    return test;
  }

  any() {
    const tests = [this.all()];
    while (this.accept('or')) tests.push(this.all());
    return (row) => tests.some((test) => test(row));
  }

  all() {
    const tests = [this.one()];
    while (this.accept('and')) tests.push(this.one());
    return (row) => tests.every((test) => test(row));
  }

  one() {
    if (this.accept('not')) {
      const test = this.one();
      return (row) => !test(row);
    }
    if (!this.accept('(')) return this.comparison();
    const test = this.any();
    if (!this.accept(')')) this.refuse('")"');
    return test;
  }

  value() {
    const token = this.tokens[this.at];
    if (token === undefined || /^[=<>~(),]/.test(token[0])) this.refuse('a value');
    this.at += 1;
    return token[1]?.replace(/\\(.)/g, '$1') ?? token[0];
  }

  comparison() {
    const column = this.column;
    const name = this.value();
    const operator = this.next;
    if (operator === undefined || !(operator === 'exists' || operator === 'in' || operator === '!=' || Object.hasOwn(kOperators, operator))) return (row) => Object.values(row).flat().some((have) => typeof have === 'string' && kOperators['~'](have, name));
    const fields = fieldsOf(this.entity, name);
    if (fields.length === 0) throw new Problem(`there is no field "${name}"`, column);
    this.at += 1;
    const values = (row) => fields.flatMap((field) => row[field] ?? []);
    if (operator === 'exists') return (row) => values(row).length > 0;
    const wanted = operator === 'in' && this.accept('(') ? this.values() : [this.value()];
    const compare = kOperators[operator] ?? isEqual;
    const test = (row) => values(row).some((have) => wanted.some((want) => compare(have, want)));
    return operator === '!=' ? (row) => !test(row) : test;
  }

  values() {
    const all = [this.value()];
    while (this.accept(',')) all.push(this.value());
    if (!this.accept(')')) this.refuse('")"');
    return all;
  }
}

// { test: whether a row passes }, or { problem }.
export function parseFilter(text, entity) {
  if (text.trim() === '') return { test: () => true };
  try {
    return { test: new Parser(text, entity).whole() };
  } catch (error) {
    if (error instanceof Problem) return error.answer;
    throw error;
  }
}
