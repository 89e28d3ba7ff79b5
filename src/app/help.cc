// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/help.h"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace weir {
namespace {

constexpr std::string_view kOverview =
    R"(weir shows who talks to whom, with which application and how much, while it happens.

  weir                              watch the interfaces that are up; the console is at http://127.0.0.1:3000
  weir -i eth0 -i eth1              watch these two
  weir -i netflow:2055              flows that routers and switches send: NetFlow, IPFIX, sFlow
  weir -i zmq:tcp://127.0.0.1:5556  flows of nProbe, softflowd or another weir over ZeroMQ
  weir top                          the live tables of a running weir in the terminal
  weir read capture.pcap            what is in a capture
  weir read a.pcap --json           the same for programs
  weir help monitor                 more about watching
  weir help read                    more about captures
  weir help top                     and about the terminal
  weir help filter                  the filter language of the console and of the REST interface

Commands: monitor (when none is named), read, top, import-hosts, keys, protocols, check-config, version, help.
)";

constexpr std::string_view kMonitor =
    R"(weir [monitor] [-i SOURCE ...] [options]     watch, and serve the console

  weir                                         all interfaces that are up
  weir -i eth0 --bpf 'not port 22'             without your own ssh session
  weir -i any --libpcap                        every interface through libpcap's "any"
  weir -i pcap:day.pcap                        look at a capture in the console
  weir -i eth0 --memory 256M                   never more than this for the tables
  weir -i eth0 --shards 2                      two threads; the kernel shares the flows out
  weir -i afxdp:eth1@0-3 --shards 4            AF_XDP on four receive queues; TAKES the packets from this machine
  weir -i netflow:2055                         flows that routers send: NetFlow, IPFIX and sFlow (docs/collect.md)
  weir -i zmq-listen:tcp://127.0.0.1:5556      flows of nProbe, softflowd or another weir (docs/zmq.md)
  weir --local 192.0.2.0/24,2001:db8::/32      which hosts are ours
  weir --network office=10.1.0.0/16            a name for a network (docs/groups.md)
  weir --http 0.0.0.0:3000 --insecure          let anybody look (there is no sign-in yet)
  curl http://127.0.0.1:3000/api/v1/hosts      the same data for programs (docs/rest.md)

SOURCE             an interface, any, afxdp:INTERFACE[@QUEUES], pcap:FILE, or a path that ends in .pcap, .pcapng or .cap, or - for standard input;
                   netflow:[ADDR:]PORT or sflow:[ADDR:]PORT, which hear all exporters;
                   zmq:URL, which connects to a publisher, or zmq-listen:URL, to which publishers connect (tcp://HOST:PORT, ipc://PATH)
                   syslog:[ADDR:]PORT, which hears netfilter, Suricata and all others
--http ADDR:PORT   where the console listens (127.0.0.1:3000); other than loopback only with --insecure
--allow-host NAME  a name under which browsers may reach it, when it is not the address
--memory SIZE      for the tables of all interfaces (a quarter of the machine's memory, of a control group's what weir itself leaves)
--shards N         threads for each interface (1)
--local NET,...    networks whose hosts are local (private and link-local ones)
--network NAME=NET a name for a network; several times for several
--country-db FILE, --as-db FILE  what tells the countries and autonomous systems of addresses, in MaxMind's format (those in
                   /usr/share/GeoIP and /var/lib/GeoIP are found); SIGHUP has named ones read again (docs/groups.md)
--bpf EXPRESSION   packets to look at, in libpcap's language
--no-dpi           look at no payload: name applications by port and rules only, and know no names, URLs and fingerprints
--protocols FILE   rules of your own for applications (docs/applications.md); SIGHUP has them read again
--no-promiscuous   only packets for this machine
--libpcap          capture through libpcap where weir would read the interface itself
--buffer SIZE      the ring between kernel and weir (64M; a sixteenth of the memory where that is less)
--block-size SIZE  blocks of that ring (256K), --block-timeout MS: when one that is not full is handed over (40)
--busy-poll        wait for packets without sleeping: microseconds quicker, and a processor is always busy
--cpus LIST        processors for the shards' threads, one after the other: 2,3 or 4-7
--idle-timeout SECONDS           silence that ends a one-way flow or an unfinished handshake (120)
--idle-timeout-two-way SECONDS   ... a flow of datagrams both ways (300)
--idle-timeout-tcp SECONDS       ... an open TCP connection (600)
--idle-timeout-closed SECONDS    how long a closed connection waits for late packets (30)
--idle-timeout-host SECONDS      how long a host without flows is remembered (300)
--data DIR         folder for what outlives a restart: what scripts remember, hosts that were forgotten (made if needed)
--remember-hosts DAYS            how long what was forgotten of a host is kept for the day it speaks again (7; 0: not at all; docs/archive.md)
--cache URL        redis://[USER:PASSWORD@]HOST[:PORT][/DB][?prefix=NAME]: scripts keep things in a Redis (docs/cache.md); embedded
--resolve WHICH    off, local or all: whose names a name server is asked for (local; docs/hosts.md)
--dns-server ADDR[:PORT]  that name server (those of /etc/resolv.conf)
--count-duplicates count flows as often as exporters, or two interfaces of one, tell of them (docs/collect.md)
--export TARGET    send flows: json:FILE, json:tcp://HOST:PORT, ipfix:HOST:PORT, syslog:HOST:PORT, zmq:URL (docs/export.md)
--export-every SECONDS  tell of a flow that goes on so often (60); 0: only when it ends
--instance NAME    what this weir is called in what it sends (the machine's name)
--zmq-keys FILE    our own keys for ZeroMQ, as weir keys FILE makes them: what we listen on is encrypted then (docs/zmq.md)
--zmq-allow FILE|KEY  public keys that may come there: one, a file with one a line, or any; several times for several
--zmq-server-key KEY  public key of those to whom we connect (or zmq:URL?key=KEY)
--zmq-plain        allow ZeroMQ without encryption to and from other machines
--edit-scripts     scripts may be changed in the console, by whoever can open it (docs/scripts.md)
--allow-url URL    where scripts may send requests: https://hooks.example.org, or a path and what is below it (docs/scripts.md)
--config FILE      a TOML file with these options by their long names:  interface = ["eth0"]
--web-dir DIR, --scripts DIR     serve the console, run the scripts from there while you work on them

Each option may stand in the environment, too: WEIR_IDLE_TIMEOUT=60, WEIR_INSECURE=true, WEIR_INTERFACE=eth0,eth1. The command line
counts before the environment, that before the file (docs/configuration.md). What none of them says of --interface, --local and --resolve
the console asks at the first start; the answers are in start.toml of --data or of ~/.config/weir (docs/setup.md).
Packets need the capabilities cap_net_raw and cap_net_admin, or root.
)";

constexpr std::string_view kRead = R"(weir read FILE... [options]     read captures from end to end

  weir read capture.pcap                        a summary
  weir read monday.pcap tuesday.pcapng          several as one
  zcat big.pcap.gz | weir read -                from a pipe
  weir read x.pcap --json | jq .applications    one JSON object for programs
  weir read x.pcap --json | jq .transactions    what was asked of servers and how long they took: requests, statements
  weir read x.pcap --flows flows.jsonl          each flow as a line of JSON, in the order they began
  weir read x.pcap --hosts - | head             each host, to standard output
  weir read big.pcap --shards 2                 two threads, the same answer

FILE             pcap or pcapng, micro- or nanoseconds, any byte order, any mix of link types
--json           print one JSON object and nothing else
--flows OUT      write each flow as a line of JSON (fields: docs/reference/fields.md)
--hosts OUT      write each host as a line of JSON; neither may be a file that is read, nor both one file;
                 - is standard output, and the summary goes to standard error then
--no-dpi         look at no payload: name applications by port and rules only, and know no names, URLs and fingerprints
--protocols FILE rules of your own for applications (docs/applications.md)
--shards N       threads (1)
--repeat N       read everything N times, for measuring
--memory SIZE    for the tables (a quarter of the machine's memory, of a control group's what weir itself leaves)
--local NET,...  networks whose hosts are local
--network NAME=NET, --country-db FILE, --as-db FILE   as for monitor
--idle-timeout..., as for monitor (weir help monitor); hosts are only forgotten when --idle-timeout-host is given

A torn file is read up to the tear, and the tear is told on standard error and in "warnings".
Exit code: 0, 1 when something could not be read or written, 2 for a wrong command line, 130 when interrupted.
)";

constexpr std::string_view kFilter =
    R"(weir's filter language, the same in the console and in filter= of the REST interface

  app = DNS                                     flows of an application
  host in 10.0.0.0/8 and not server = 10.0.0.1  host is either end; client and server are one of them
  bytes > 1M and bits_per_second >= 500k        k M G T are thousands
  port in (80, 443) or server_port > 1024
  duration_s > 5m                               s m h d for times
  state = established and tunnel exists
  vlan = 20 or vlan not in (10, 30)
  application = "HTTP*"                         * stands for anything, case does not matter
  state ~ syn                                   contains
  country = DE and not as = 15169               where either end belongs (docs/groups.md)
  youtube                                       a bare word is looked for in every name and address

Fields: docs/reference/fields.md. An error names its column.
)";

constexpr std::string_view kImportHosts =
    R"(weir import-hosts FILE... --data DIR --interface ID     go on with what another weir knew of hosts

  curl -s 'http://127.0.0.1:3000/api/v1/hosts/10.0.0.1?record=1' >host.json     one weir says what it knows
  weir import-hosts host.json --data /var/lib/weir --interface eth0             another will go on with it

FILE                   hosts as lines of JSON; - is standard input
--data DIR             data folder of the weir that is to know them; it must not run meanwhile
--interface ID         the interface on which they are
--remember-hosts DAYS  how long they are kept when they do not speak (7)
)";

constexpr std::string_view kKeys =
    R"(weir keys FILE     show the public key of the pair in FILE, which is made when there is none

  weir keys weir.keys                              makes it, for its owner alone, and never writes over another
  weir keys weir.keys >>allowed                    one more that may come (--zmq-allow allowed)
  weir -i zmq-listen:tcp://*:5556 --zmq-keys weir.keys --zmq-allow allowed
)";

constexpr std::string_view kTop =
    R"(weir top [LIST]     the live tables of a running weir in the terminal

  weir top                                                the hosts of the weir on this machine
  weir top flows --filter 'app = DNS' --sort bytes        as in the console: weir help filter
  weir top --url http://192.0.2.7:3000                    of another machine
  ssh probe weir top --once --rows 5 applications         lines of text, for scripts

LIST                   hosts (first), flows, applications, transactions or interfaces
--url URL              where weir answers (http://127.0.0.1:3000)
--filter FILTER        which rows
--sort FIELD           by which field
--once                 print the list and end; --rows N (20), --columns N (120)

Keys are those of htop: arrows, Enter opens, Esc goes back, F4 or / filters, F6 or > sorts, I turns round, Space pauses,
h helps, q ends. docs/top.md has all of them.
)";

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kTopics{{
    {"", kOverview},
    {"monitor", kMonitor},
    {"read", kRead},
    {"import-hosts", kImportHosts},
    {"keys", kKeys},
    {"top", kTop},
    {"filter", kFilter},
    {"protocols", "weir protocols     list the applications weir names, with their categories\n"},
    {"check-config",
     "weir check-config FILE     say whether weir monitor --config FILE would accept the file in\n"
     "this environment, which options would not have their defaults, and what says so\n"
     "\n"
     "Files, folders, interfaces, filter and memory are checked as at a start, but nothing is "
     "opened\n"
     "that others notice: it does not see missing privileges, a port in use, a folder that cannot\n"
     "be written to, pipes, or whether exporters, Redis and name servers are there.\n"},
    {"version", "weir version     print the version\n"},
}};

}  // namespace

Result<std::string> help_text(std::string_view topic) {
  for (const auto& [name, text] : kTopics) {
    if (name == topic) return std::string(text);
  }
  return Error{fmt::format("there is no help on \"{}\": see weir help", topic)};
}

}  // namespace weir
