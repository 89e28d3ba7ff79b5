// SPDX-License-Identifier: GPL-3.0-or-later
// weir's questions of the first start and their answers, made up. Kinds: `first` (nothing is answered yet), `answered`, `decided` (all by the
// start), `half` (two of three by the start), `closed` (nothing may be changed). wlan0 is down: who watches it gets a problem.
const kPrivate = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '127.0.0.0/8', 'fc00::/7', 'fe80::/10', '::1/128'];
const kFile = '/home/user/.config/weir/start.toml';
const kDecided = {
  decided: { interfaces: '--interface', local: 'WEIR_LOCAL', resolve: '/etc/weir.toml' }, half: { interfaces: '--interface', resolve: 'WEIR_RESOLVE' },
};

const refused = (parameter, detail) => ({ problem: { status: 400, title: 'Bad Request', detail, parameter } });

// Bits of an IPv4 network beyond its length, which the console leaves to weir to find.
function hasMore(network) {
  const [address, length = '32'] = network.split('/');
  if (address.includes(':')) return false;
  const bits = address.split('.').reduce((value, part) => value * 256 + Number(part), 0);
  return bits % 2 ** (32 - Number(length)) !== 0;
}

export class MockSetup {
  constructor({ kind, interfaces }) {
    this.asks = kind === 'first';
    this.mayChange = kind !== 'closed';
    this.decided = kDecided[kind] ?? {};
    this.answers = { interfaces: [], local: [], resolve: 'local' };
    const face = (name, index) => ({
      name, is_up: true, is_loopback: false, networks: [`192.168.${index}.0/24`, `2001:db8:0:${index}::/64`], addresses: [`192.168.${index}.5`, `2001:db8:0:${index}::5`], bytes: 123_456_789 * (index + 1),
    });
    this.interfaces = [
      { name: 'lo', is_up: true, is_loopback: true, networks: ['127.0.0.0/8', '::1/128'], addresses: ['127.0.0.1', '::1'], bytes: 4096 }, ...interfaces.map(face),
      { ...face('wlan0', 9), is_up: false, addresses: [], networks: [], bytes: 0 },
    ];
  }

  answer() {
    const { interfaces } = this.answers;
    return {
      asks: this.asks, may_change: this.mayChange, ...(this.mayChange ? { file: kFile } : { why_not: 'weir listens on 192.0.2.1, where others may come.' }),
      ...(this.problem === undefined ? {} : { problem: this.problem }), answers: this.answers, private: kPrivate,
      suggested: { interfaces: [], local: [...kPrivate, '203.0.113.0/24'], resolve: 'local' }, decided: this.decided,
      interfaces: this.interfaces.map((one) => ({ ...one, is_watched: interfaces.length === 0 ? one.is_up && !one.is_loopback : interfaces.includes(one.name) })),
    };
  }

  // What is wrong with the answers, or undefined.
  #refusal({ interfaces = [], local = [] }) {
    const unknown = interfaces.find((name) => !this.interfaces.some((one) => one.name === name));
    if (unknown !== undefined) return refused('interfaces', `"${unknown}" is no interface`);
    const wrong = local.find(hasMore);
    return wrong === undefined ? undefined : refused('local', `"${wrong}" is no network`);
  }

  // `restart` takes what is to be done when weir is back.
  change(sent, restart) {
    const refusal = this.#refusal(sent);
    if (refusal !== undefined) return refusal;
    const answers = { ...this.answers, ...sent };
    const restarts = JSON.stringify(answers) !== JSON.stringify(this.answers);
    if (restarts) restart(() => this.#use(answers));
    else this.asks = false;
    return { restarts, file: kFile };
  }

  #use(answers) {
    this.asks = false;
    const down = this.interfaces.find((one) => answers.interfaces.includes(one.name) && !one.is_up);
    this.problem = down === undefined ? undefined : `${down.name}: Network is down`;
    if (down === undefined) this.answers = answers;
  }
}
