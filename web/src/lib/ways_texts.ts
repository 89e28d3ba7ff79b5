// SPDX-License-Identifier: GPL-3.0-or-later
// Texts of what goes in and out of a host or an interface.
export const waysTexts = {
  title: 'In and out',
  in: 'In', out: 'Out', within: 'Within', through: 'Through',
  hostHint: 'since this page was opened, at most 5 minutes; what it sends below zero',
  hint: 'of local networks, last 5 minutes; what leaves them below zero',
  mark: (time: string, parts: readonly string[]) => `${time}: ${parts.join(', ')}`,
  part: (name: string, rate: string) => `${name.toLowerCase()} ${rate}`,
  highest: (rate: string, time: string) => `${rate} (${time})`,
  summary: (inMean: string, outMean: string, inMax: string, outMax: string) => `Mean in ${inMean}, out ${outMean}; highest in ${inMax}, out ${outMax}.`,
  means: (parts: readonly string[]) => ` Mean ${parts.join(', ')}.`,
  none: 'No IP traffic in the last five minutes',
  noLocal: 'No end of this traffic is in a local network. weir --local NET,... says which networks are local.',
} as const;
