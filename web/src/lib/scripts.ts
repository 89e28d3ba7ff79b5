// SPDX-License-Identifier: GPL-3.0-or-later
// Scripts by their kind and name: "rest/hosts", "cron/second/talkers".

// Kinds that somebody may want another one of; those that answer PUT and DELETE follow a resource.
export const kScriptKinds = ['checks/host', 'checks/flow', 'checks/interface', 'rest', 'pages', 'cron/second', 'cron/minute', 'cron/five_minutes', 'cron/hour', 'cron/day', 'lib', 'put', 'delete'] as const;

export const isScriptName = (name: string): boolean => /^[a-z0-9_]{1,64}$/.test(name);

export const scriptPath = (script: string): string => `/api/v1/scripts/${script.split('/').map(encodeURIComponent).join('/')}`;
