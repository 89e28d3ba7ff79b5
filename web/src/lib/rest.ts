// SPDX-License-Identifier: GPL-3.0-or-later
// Questions that are asked once, over REST, and the few requests that change something.
import type { Problem } from './api';

// ms for an answer that is asked for again when it fails: a connection that died without a word would be waited for for minutes.
export const kPatience = 20_000;

export class RestError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title ?? String(problem.status ?? ''));
  }
}

async function answered<Answer>(response: Response): Promise<Answer> {
  if (response.ok) return await response.json() as Answer;
  const body: unknown = await response.json().catch(() => null); // an error without an explanation is one
  throw new RestError({ status: response.status, title: response.statusText, ...(typeof body === 'object' ? body : {}) });
}

// The address of a resource. Parameters that are empty are left out.
export function restPath(resource: string, parameters: Record<string, string | number | undefined> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined && value !== '') query.set(name, String(value));
  const text = query.toString();
  return `/api/v1/${resource}${text === '' ? '' : `?${text}`}`;
}

export async function getJson<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return answered<Answer>(await fetch(path, signal === undefined ? {} : { signal }));
}

// Why something failed, in words.
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

let token = '';

// Changes a resource and gives the answer. weir gives its token to pages of its own origin only; a new one after it was started again.
export async function change<Answer = unknown>(method: 'PUT' | 'DELETE', path: string, body?: object): Promise<Answer> {
  for (let isLast = false; ; isLast = true) {
    if (token === '') token = (await getJson<{ token: string }>('/api/v1/session')).token;
    const response = await fetch(path, { method, headers: { 'X-Weir-Token': token }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (response.status === 403 && !isLast) {
      token = '';
      continue;
    }
    return answered<Answer>(response);
  }
}
