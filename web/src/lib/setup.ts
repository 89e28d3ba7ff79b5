// SPDX-License-Identifier: GPL-3.0-or-later
// The questions of the first start: what is chosen when they are opened, what is wrong with it, and what is sent.
import type { Setup, SetupAnswers } from './api';
import { setupTexts } from './setup_texts';
import { visibleText } from './visible_text';

export type Question = keyof SetupAnswers;
export type Faults = Partial<Record<Question, string>>;
export type Resolve = SetupAnswers['resolve'];

export const kSetupPath = '/api/v1/setup';
export const kQuestions: readonly Question[] = ['interfaces', 'local', 'resolve'];
export const kResolves: readonly Resolve[] = ['off', 'local', 'all'];

// What the form says. Names and networks count where `some` are chosen.
export interface Choices {
  watch: 'all' | 'some';
  names: string[];
  local: 'private' | 'own' | 'some';
  networks: string; // as they were typed
  resolve: Resolve;
}

const isSameSet = (a: readonly string[], b: readonly string[]): boolean => [...new Set(a)].sort().join('\n') === [...new Set(b)].sort().join('\n');

// The order in which interfaces and networks are named says nothing.
export function sameAnswers(a: SetupAnswers, b: SetupAnswers): boolean {
  return isSameSet(a.interfaces, b.interfaces) && isSameSet(a.local, b.local) && a.resolve === b.resolve;
}

// The networks in what was typed: one a line, or with commas or spaces between.
export function networksIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '');
}

function isV4(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) < 256);
}

// The last 32 bits may be written as those of IPv4, and one run of zeros as ::.
function isV6(text: string): boolean {
  const tail = text.slice(text.lastIndexOf(':') + 1);
  const plain = isV4(tail) ? `${text.slice(0, -tail.length)}0:0` : text;
  const halves = plain.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) && (halves.length === 1 ? groups.length === 8 : halves.length === 2 && groups.length < 8);
}

// An address with or without the length of a prefix. weir decides in the end; this finds plain mistakes before anything is sent.
export function isNetwork(text: string): boolean {
  const [address = '', length, ...more] = text.split('/');
  if (more.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return false;
  return Number(length ?? 0) <= 32 ? isV4(address) || isV6(address) : Number(length) <= 128 && isV6(address);
}

// This machine's networks that the private ranges do not hold.
export function ownNetworks({ suggested, private: ranges }: Setup): string[] {
  return suggested.local.filter((network) => !ranges.includes(network));
}

function localChoice(local: readonly string[], setup: Setup): Choices['local'] {
  if (local.length === 0 || isSameSet(local, setup.private)) return 'private';
  return isSameSet(local, setup.suggested.local) ? 'own' : 'some';
}

// What is chosen when the page is opened: at the first start what weir suggests, later what it uses.
export function choicesOf(setup: Setup): Choices {
  const answers = setup.asks ? setup.suggested : setup.answers;
  const networks = answers.local.length === 0 ? setup.private : answers.local;
  return {
    watch: answers.interfaces.length === 0 ? 'all' : 'some', names: [...answers.interfaces],
    local: localChoice(answers.local, setup), networks: networks.join('\n'), resolve: answers.resolve,
  };
}

// Whether this question is answered here, and not by the start.
export function isOpen(setup: Setup, question: Question): boolean {
  return setup.may_change && setup.decided[question] === undefined;
}

function localOf({ local, networks }: Choices, setup: Setup): string[] {
  if (local === 'private') return [];
  return local === 'own' ? setup.suggested.local : networksIn(networks);
}

// The answers that weir shall use, without those that are not given here.
export function answersOf(choices: Choices, setup: Setup): Partial<SetupAnswers> {
  const all: SetupAnswers = { interfaces: choices.watch === 'all' ? [] : choices.names, local: localOf(choices, setup), resolve: choices.resolve };
  return Object.fromEntries(kQuestions.filter((question) => isOpen(setup, question)).map((question) => [question, all[question]]));
}

// What is wrong with the choices, by question, in words.
export function faultsOf(choices: Choices, setup: Setup): Faults {
  const faults: Faults = {};
  if (isOpen(setup, 'interfaces') && choices.watch === 'some' && choices.names.length === 0) faults.interfaces = setupTexts.interfaces.missing;
  if (!isOpen(setup, 'local') || choices.local !== 'some') return faults;
  const networks = networksIn(choices.networks);
  const wrong = networks.filter((network) => !isNetwork(network)).map(visibleText);
  if (networks.length === 0) faults.local = setupTexts.local.missing;
  else if (wrong.length > 0) faults.local = setupTexts.local.wrong(wrong);
  return faults;
}

// The interfaces that weir watches where it watches all that are up: loopback only where there is nothing else.
export function upNames({ interfaces }: Setup): string[] {
  const up = interfaces.filter((one) => one.is_up);
  const real = up.filter((one) => !one.is_loopback);
  return (real.length > 0 ? real : up).map((one) => one.name);
}

export const listed = (texts: readonly string[]): string => texts.map(visibleText).join(', ');

// What weir uses now, in words.
export function usedText(setup: Setup, question: Question): string {
  const { interfaces, local, resolve } = setup.answers;
  if (question === 'resolve') return setupTexts.resolve.names[resolve];
  if (question === 'interfaces') return interfaces.length > 0 ? listed(interfaces) : setupTexts.interfaces.all(listed(upNames(setup)));
  return local.length > 0 ? listed(local) : `${setupTexts.local.private}: ${listed(setup.private)}`;
}

// What weir watches, as a sentence.
export function watchedText(setup: Setup): string {
  const watched = setup.interfaces.filter((one) => one.is_watched).map((one) => one.name);
  const names = setup.answers.interfaces.length > 0 ? setup.answers.interfaces : watched;
  return names.length > 0 ? setupTexts.watches(listed(names)) : setupTexts.watchesAll;
}

interface Waiting {
  ask: () => Promise<Setup>;    // fails while weir is away
  pause: () => Promise<void>;   // between two questions
  isOver: () => boolean;        // whether nobody waits any longer
}

// Waits until weir has started again after `before` was to become `wanted`: what it says then, or null where that was over first.
// The one that is about to stop may answer for a while; what comes after a silence, or differs, is of the new one.
export async function restarted(before: Setup, wanted: SetupAnswers, { ask, pause, isOver }: Waiting): Promise<Setup | null> {
  for (let wasAway = false; ;) {
    await pause();
    if (isOver()) return null;
    const now = await ask().catch(() => null);
    if (now === null) wasAway = true;
    else if (wasAway || sameAnswers(now.answers, wanted) || !sameAnswers(now.answers, before.answers) || now.problem !== before.problem) return now;
  }
}
