// SPDX-License-Identifier: GPL-3.0-or-later
// Control groups of our own: so much memory and so much of a core, for one program. Both versions of control groups.
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const kPeriodMicroseconds = 100_000;
const read = (...path) => readFileSync(join(...path), 'utf8').trim();
const field = (text, name) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

// Version 2: one folder for all controllers, which the groups around it must hand down.
function unifiedGroup(name, memoryBytes, cpuPercent) {
  const top = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].find((folder) => existsSync(join(folder, 'cgroup.controllers')));
  if (!top || !isWritable(top)) return null;
  const has = read(top, 'cgroup.controllers').split(' ');
  if (!has.includes('memory') || !has.includes('cpu')) return null;
  const group = join(top, name);
  try {
    writeFileSync(join(top, 'cgroup.subtree_control'), '+memory +cpu');
    mkdirSync(group);
  } catch {
    return null;
  }
  writeFileSync(join(group, 'memory.max'), `${memoryBytes}`);
  if (existsSync(join(group, 'memory.swap.max'))) writeFileSync(join(group, 'memory.swap.max'), '0');
  writeFileSync(join(group, 'cpu.max'), `${cpuPercent * kPeriodMicroseconds / 100} ${kPeriodMicroseconds}`);
  return {
    folders: [group],
    peakBytes: () => Number(read(group, 'memory.peak')),
    outOfMemoryKills: () => field(read(group, 'memory.events'), 'oom_kill'),
  };
}

// Version 1: one folder for each controller.
function separateGroups(name, memoryBytes, cpuPercent) {
  const tops = ['memory', 'cpu'].map((controller) => join('/sys/fs/cgroup', controller));
  if (!tops.every((top) => existsSync(join(top, 'cgroup.procs')) && isWritable(top))) return null;
  const [memory, cpu] = tops.map((top) => join(top, name));
  try {
    mkdirSync(memory);
    mkdirSync(cpu);
  } catch {
    return null;
  }
  writeFileSync(join(memory, 'memory.limit_in_bytes'), `${memoryBytes}`);
  writeFileSync(join(cpu, 'cpu.cfs_period_us'), `${kPeriodMicroseconds}`);
  writeFileSync(join(cpu, 'cpu.cfs_quota_us'), `${cpuPercent * kPeriodMicroseconds / 100}`);
  return {
    folders: [memory, cpu],
    peakBytes: () => Number(read(memory, 'memory.max_usage_in_bytes')),
    outOfMemoryKills: () => field(read(memory, 'memory.oom_control'), 'oom_kill'),
  };
}

// A folder of a group cannot be removed while a program in it is still on its way out.
async function removeGroups(folders) {
  for (const pid of read(folders[0], 'cgroup.procs').split('\n').filter(Boolean)) process.kill(Number(pid), 'SIGKILL');
  for (const folder of folders) {
    for (let attempt = 0; ; ++attempt) {
      try {
        rmdirSync(folder);
        break;
      } catch (error) {
        if (error.code !== 'EBUSY' || attempt === 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
}

// A new group, or null where this machine lets us make none.
//   command(program, args): what to start instead, so that the program runs in the group from its first instruction
//   peakBytes(): the most its programs ever held, files in the page cache included; outOfMemoryKills(): how many were killed
//   remove(): ends the programs that a failed test left in it
export function makeControlGroup(name, { memoryBytes, cpuPercent = 100 }) {
  const fullName = `weir-test-${process.pid}-${name}`;
  const group = unifiedGroup(fullName, memoryBytes, cpuPercent) ?? separateGroups(fullName, memoryBytes, cpuPercent);
  if (!group) return null;
  const enter = 'while [ "$1" != -- ]; do echo $$ >"$1" || exit 125; shift; done; shift; exec "$@"';
  return {
    ...group,
    command: (program, args) => ['sh', ['-c', enter, 'sh', ...group.folders.map((folder) => join(folder, 'cgroup.procs')), '--', program, ...args]],
    remove: () => removeGroups(group.folders),
  };
}
